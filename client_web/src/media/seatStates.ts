/** What the seats have switched: the others as the server tells it, the own one as it was told last. */

import type { Alias, SeatShown, ShowSeat, Switch } from '../protocol/generated';
import type { OwnDevice, OwnHand, OwnMedia, Protection, Shown } from './mediaPort';
import type { MediaKind } from './negotiation';

/** What this seat has switched, and whether that gets out. */
export type OwnSwitches = Pick<OwnMedia, 'microphone' | 'camera' | 'protection'>;

export class SeatStates {
  readonly #others = new Map<Alias, Shown>();
  #hand: OwnHand = { isUp: false, loweredBy: null };
  #told: ShowSeat | null = null;

  /** The own hand. */
  get hand(): OwnHand {
    return this.#hand;
  }

  /** The person raises the hand, or lowers it. */
  setHand(isUp: boolean): void {
    this.#hand = { isUp, loweredBy: null };
  }

  /** Somebody has lowered the own hand. */
  lowered(by: Alias): void {
    if (this.#hand.isUp) this.#hand = { isUp: false, loweredBy: by };
  }

  /** What the server tells of another seat. */
  take({ alias, camera, microphone, hand }: SeatShown): void {
    this.#others.set(alias, { camera, microphone, hand });
  }

  /** What another seat says of itself; null before it does. */
  of(alias: Alias): Shown | null {
    return this.#others.get(alias) ?? null;
  }

  /** Whether a track of another seat ought to come, as far as that is up to the person there. */
  isSent(alias: Alias, kind: MediaKind): boolean {
    const shown = this.of(alias);
    if (shown === null) return true;
    if (kind === 'audio') return shown.microphone !== 'failed'; // one that is off sends silence
    return shown.camera === 'on' || shown.camera === 'stalled'; // one that has stalled sends black
  }

  /** A connection begins: the server tells everything anew, and is to be told. */
  begin(): void {
    this.#others.clear();
    this.#told = null;
  }

  /** What the server is to be told, unless it knows. */
  news({ microphone, camera, protection }: OwnSwitches): ShowSeat | null {
    const next: ShowSeat = {
      type: 'show_seat',
      camera: switchOf(camera, protection.picture),
      microphone: switchOf(microphone, protection.voice),
      hand: this.#hand.isUp,
    };
    const told = this.#told;
    if (told?.camera === next.camera && told.microphone === next.microphone && told.hand === next.hand) return null;
    this.#told = next;
    return next;
  }
}

/** Where a device stands for others. One that is being started is on: its first packet is awaited. */
export function switchOf({ state }: OwnDevice, protection: Protection): Switch {
  if (state === 'off' || state === 'failed') return state;
  return protection === 'stalled' ? 'stalled' : 'on';
}
