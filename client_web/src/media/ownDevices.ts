/**
 * The own camera and microphone: asked for, switched off and on, and got back when they were pulled out.
 *
 * A microphone that is off stays open and sends silence, so that it is back within a word; a camera that is off is let
 * go, so that its light goes out.
 */

import type { DeviceTrouble, OwnDevice } from './mediaPort';
import type { MediaKind } from './negotiation';

const KINDS: readonly MediaKind[] = ['audio', 'video'];

const WANTED: Readonly<Record<MediaKind, MediaTrackConstraints>> = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 15, max: 30 } },
};

/** What the devices tell. */
export interface DevicesListener {
  readonly changed: () => void;
  /** From now on this is what the seat sends. */
  readonly track: (kind: MediaKind, track: MediaStreamTrack | null) => void;
}

interface Own {
  /** What the person wants; on until switched off. */
  isWanted: boolean;
  isBeingAsked: boolean;
  track: MediaStreamTrack | null;
  stream: MediaStream | null;
  trouble: DeviceTrouble | null;
}

export class OwnDevices {
  readonly #devices: MediaDevices | undefined;
  readonly #listener: DevicesListener;
  readonly #own: Readonly<Record<MediaKind, Own>> = { audio: nothing(), video: nothing() };
  readonly #find = () => {
    void this.#acquire(KINDS.filter((kind) => this.#isMissing(kind)));
  };
  #isRunning = false;

  constructor(devices: MediaDevices | undefined, listener: DevicesListener) {
    this.#devices = devices;
    this.#listener = listener;
  }

  /** The live tracks; none for a device that is off or cannot be had. */
  get tracks(): Readonly<Record<MediaKind, MediaStreamTrack | null>> {
    return { audio: this.#own.audio.track, video: this.#own.video.track };
  }

  /** The own picture. */
  get stream(): MediaStream | null {
    return this.#own.video.stream;
  }

  /** Where a device stands. */
  device(kind: MediaKind): OwnDevice {
    const { isWanted, isBeingAsked, track, trouble } = this.#own[kind];
    if (!isWanted) return { state: 'off' };
    if (isBeingAsked) return { state: 'starting' };
    if (trouble !== null) return { state: 'failed', trouble };
    return { state: track === null ? 'off' : 'on' };
  }

  /** Asks for what is wanted, and again whenever a device appears. */
  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#devices?.addEventListener('devicechange', this.#find);
    this.#find();
  }

  /** Lets everything go. */
  stop(): void {
    this.#isRunning = false;
    this.#devices?.removeEventListener('devicechange', this.#find);
    for (const kind of KINDS) this.#drop(kind);
  }

  /** The person switches a device. */
  set(kind: MediaKind, on: boolean): void {
    const own = this.#own[kind];
    own.isWanted = on;
    if (!on && kind === 'video') this.#drop(kind);
    if (own.track !== null) own.track.enabled = on;
    if (this.#isMissing(kind)) void this.#acquire([kind]);
    this.#listener.changed();
  }

  #isMissing(kind: MediaKind): boolean {
    const { isWanted, isBeingAsked, track } = this.#own[kind];
    return this.#isRunning && isWanted && !isBeingAsked && track === null;
  }

  /** Asks for these at once, so that the person is asked once; where that fails, for each alone. */
  async #acquire(kinds: readonly MediaKind[]): Promise<void> {
    if (kinds.length === 0) return;
    this.#ask(kinds, true);
    const trouble = await this.#request(kinds);
    if (trouble !== null && kinds.length > 1) {
      for (const kind of kinds) this.#conclude([kind], await this.#request([kind]));
    } else {
      this.#conclude(kinds, trouble);
    }
  }

  #ask(kinds: readonly MediaKind[], isBeingAsked: boolean): void {
    for (const kind of kinds) this.#own[kind].isBeingAsked = isBeingAsked;
    this.#listener.changed();
  }

  #conclude(kinds: readonly MediaKind[], trouble: DeviceTrouble | null): void {
    for (const kind of kinds) this.#own[kind].trouble = trouble;
    this.#ask(kinds, false);
    if (trouble === null) this.#find(); // the person may have switched it off and on while it was asked for
  }

  /** Takes the tracks of one request; gives what went wrong. */
  async #request(kinds: readonly MediaKind[]): Promise<DeviceTrouble | null> {
    if (this.#devices === undefined) return 'insecure';
    try {
      const wanted = Object.fromEntries(kinds.map((kind) => [kind, WANTED[kind]]));
      const stream = await this.#devices.getUserMedia(wanted);
      for (const track of stream.getTracks()) this.#take(track, stream);
      return null;
    } catch (error) {
      return troubleOf(error);
    }
  }

  #take(track: MediaStreamTrack, stream: MediaStream): void {
    const kind = track.kind === 'audio' ? 'audio' : 'video';
    const own = this.#own[kind];
    if (!this.#isRunning || (!own.isWanted && kind === 'video')) {
      track.stop();
      return;
    }
    track.enabled = own.isWanted;
    own.track = track;
    own.stream = stream;
    track.addEventListener('ended', () => {
      if (own.track !== track) return;
      this.#drop(kind);
      this.#find();
    });
    this.#listener.track(kind, track);
  }

  #drop(kind: MediaKind): void {
    const own = this.#own[kind];
    if (own.track === null) return;
    own.track.stop();
    own.track = own.stream = null;
    this.#listener.track(kind, null);
    this.#listener.changed();
  }
}

function nothing(): Own {
  return { isWanted: true, isBeingAsked: false, track: null, stream: null, trouble: null };
}

/** Source: W3C Media Capture and Streams, 10.3.1 (getUserMedia). */
const TROUBLES: Readonly<Record<string, DeviceTrouble>> = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
  NotReadableError: 'in_use',
  AbortError: 'in_use',
};

function troubleOf(error: unknown): DeviceTrouble {
  return error instanceof Error && Object.hasOwn(TROUBLES, error.name) ? (TROUBLES[error.name] ?? 'failed') : 'failed';
}
