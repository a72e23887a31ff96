/** What the seats have switched: the others as the server tells it, the own one as it was told last. */

import type { Alias, SeatShown, ShowSeat, Switch } from '../protocol/generated';
import type { OwnDevice, OwnHand, Shown } from './mediaPort';
import type { MediaKind } from './negotiation';
import type { OwnScreen } from './ownScreens';

/** What this seat has switched. */
export interface OwnSwitches {
  readonly microphone: OwnDevice;
  readonly camera: OwnDevice;
  readonly screen: OwnScreen;
}

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
  take({ alias, camera, microphone, hand, screen }: SeatShown): void {
    this.#others.set(alias, { camera, microphone, hand, screen });
  }

  /** What another seat says of itself; null before it does. */
  of(alias: Alias): Shown | null {
    return this.#others.get(alias) ?? null;
  }

  /** Whether a track of another seat ought to come, as far as that is up to the person there. */
  isSent(alias: Alias, kind: MediaKind): boolean {
    const shown = this.of(alias);
    if (shown === null) return true;
    return kind === 'video' ? shown.camera === 'on' : shown.microphone !== 'failed'; // one that is off sends silence
  }

  /** A connection begins: the server tells everything anew, and is to be told. */
  begin(): void {
    this.#others.clear();
    this.#told = null;
  }

  /** What the server is to be told, unless it knows. */
  news({ microphone, camera, screen }: OwnSwitches): ShowSeat | null {
    const next: ShowSeat = {
      type: 'show_seat',
      camera: switchOf(camera),
      microphone: switchOf(microphone),
      hand: this.#hand.isUp,
      screen: screen.state === 'on',
    };
    const told = this.#told;
    const names = ['camera', 'microphone', 'hand', 'screen'] as const;
    if (told !== null && names.every((name) => told[name] === next[name])) return null;
    this.#told = next;
    return next;
  }
}

/** One that is being started is on: its first packet is awaited. */
function switchOf({ state }: OwnDevice): Switch {
  return state === 'starting' ? 'on' : state;
}
