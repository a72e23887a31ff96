/**
 * The protected versions of the own camera and microphone, as the server asks for them, and the eye that is kept on them.
 *
 * A mask that gives no sign of life is hidden: others get black or silence. It is begun anew until it works again. There
 * is no way from a bare track to what others get but through a mask.
 */

import type { MediaTrack } from '../../protocol/generated';
import type { Protection } from '../mediaPort';
import type { MediaKind } from '../negotiation';
import type { Clock } from '../surroundings';
import type { Mask, Masks } from './mask';

/** Without a sign of life for so long, a mask has stalled. */
export const STALLED_AFTER_MS = 500;

/** So long may one take to begin: its script is fetched. Nothing comes out of it meanwhile. */
export const BEGUN_WITHIN_MS = 4000;

/** One that has stalled for so long is given up for a new one. */
export const ANEW_AFTER_MS = 2000;

/** Between two looks. */
const LOOK_EVERY_MS = 100;

/** Which of the own tracks is the protected one of a kind. */
const MASKED: Readonly<Record<MediaKind, MediaTrack>> = { audio: 'masked_audio', video: 'masked_video' };
const KINDS: readonly MediaKind[] = ['audio', 'video'];

/** What the masks tell. */
export interface MasksListener {
  readonly changed: () => void;
  /** From now on this is what the seat sends as its protected version. */
  readonly track: (name: MediaTrack, track: MediaStreamTrack | null) => void;
}

interface Own {
  isWanted: boolean;
  /** Whether there is something to mask, and it is wanted. */
  isDue: boolean;
  bare: MediaStreamTrack | null;
  mask: Mask | null;
  /** Rises with every mask, so that what an earlier one tells is not heard. */
  run: number;
  /** Until when nothing has to be heard of it. */
  freshUntil: number;
  stalledAt: number | null;
}

export class OwnMasks {
  readonly #masks: Masks;
  readonly #clock: Clock;
  readonly #listener: MasksListener;
  readonly #own: Readonly<Record<MediaKind, Own>> = { audio: nothing(), video: nothing() };
  #cancelLook: (() => void) | null = null;

  constructor(masks: Masks, clock: Clock, listener: MasksListener) {
    this.#masks = masks;
    this.#clock = clock;
    this.#listener = listener;
  }

  /** What is sent; null while there is nothing to mask. */
  get tracks(): Partial<Record<MediaTrack, MediaStreamTrack | null>> {
    return { masked_audio: this.#own.audio.mask?.track ?? null, masked_video: this.#own.video.mask?.track ?? null };
  }

  /** The own picture as others see it. */
  get covered(): MediaStream | null {
    return this.#own.video.mask?.stream ?? null;
  }

  /** How it stands with the protection of a kind. */
  protection(kind: MediaKind): Protection {
    const { isWanted, stalledAt } = this.#own[kind];
    if (!isWanted) return 'none';
    return stalledAt === null ? 'working' : 'stalled';
  }

  /** These tracks are asked for, no others. */
  want(names: readonly MediaTrack[]): void {
    for (const kind of KINDS) {
      this.#own[kind].isWanted = names.includes(MASKED[kind]);
      this.#begin(kind, this.#own[kind].bare);
    }
  }

  /** The own camera or microphone is another one, or is gone. */
  take(kind: MediaKind, bare: MediaStreamTrack | null): void {
    this.#begin(kind, bare);
  }

  /** Lets everything go. */
  stop(): void {
    for (const kind of KINDS) {
      this.#own[kind].isWanted = false;
      this.#begin(kind, null);
    }
  }

  /** Masks this track from now on; one that is at work on it stays. */
  #begin(kind: MediaKind, bare: MediaStreamTrack | null): void {
    const own = this.#own[kind];
    const isDue = own.isWanted && bare !== null;
    if (isDue === own.isDue && own.bare === bare) return;
    Object.assign(own, { bare, isDue, stalledAt: null });
    this.#makeAnew(kind);
    if (isDue) this.#lookLater();
  }

  #makeAnew(kind: MediaKind): void {
    const own = this.#own[kind];
    const before = own.mask;
    before?.end();
    own.run++;
    own.freshUntil = this.#clock.now() + BEGUN_WITHIN_MS;
    own.mask = own.isDue && own.bare !== null ? this.#make(kind, own.bare, own.run) : null;
    if (own.mask === before) return;
    this.#listener.track(MASKED[kind], own.mask?.track ?? null);
    this.#listener.changed();
  }

  #make(kind: MediaKind, bare: MediaStreamTrack, run: number): Mask | null {
    const listener = {
      alive: () => {
        this.#hear(kind, run);
      },
      failed: () => {
        if (run === this.#own[kind].run) this.#stall(kind);
      },
    };
    try {
      return this.#masks[kind](bare, listener);
    } catch {
      this.#own[kind].freshUntil = this.#clock.now(); // nothing is sent, and the person is told
      return null;
    }
  }

  #hear(kind: MediaKind, run: number): void {
    const own = this.#own[kind];
    if (run !== own.run) return;
    own.freshUntil = this.#clock.now() + STALLED_AFTER_MS;
    if (own.stalledAt === null) return;
    own.stalledAt = null;
    this.#listener.changed();
  }

  #stall(kind: MediaKind): void {
    const own = this.#own[kind];
    own.mask?.hide();
    own.freshUntil = this.#clock.now();
    if (own.stalledAt !== null) return;
    own.stalledAt = own.freshUntil;
    this.#listener.changed();
  }

  #lookLater(): void {
    this.#cancelLook?.();
    this.#cancelLook = this.#clock.after(LOOK_EVERY_MS, () => {
      for (const kind of KINDS) this.#look(kind);
      if (KINDS.some((kind) => this.#own[kind].isDue)) this.#lookLater();
    });
  }

  #look(kind: MediaKind): void {
    const own = this.#own[kind];
    const now = this.#clock.now();
    if (!own.isDue || now < own.freshUntil) return;
    this.#stall(kind);
    if (own.stalledAt !== null && now - own.stalledAt >= ANEW_AFTER_MS) {
      own.stalledAt = now;
      this.#makeAnew(kind); // it stays stalled until it is heard of
    }
  }
}

function nothing(): Own {
  return { isWanted: false, isDue: false, bare: null, mask: null, run: 0, freshUntil: 0, stalledAt: null };
}
