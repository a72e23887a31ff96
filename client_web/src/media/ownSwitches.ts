/** What this seat has switched, its hand among it, and what the server was told of that last. */

import type { Alias, ShowSeat, Switch } from '../protocol/generated';
import type { OwnDevice, OwnHand, OwnMedia, Protection } from './mediaPort';

/** What this seat sends, and whether that gets out. */
export type OwnSending = Pick<OwnMedia, 'microphone' | 'camera' | 'protection' | 'screens'>;

export class OwnSwitches {
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

  /** A connection begins: the server is to be told everything. */
  begin(): void {
    this.#told = null;
  }

  /** What the server is to be told, unless it knows. */
  news({ microphone, camera, protection, screens }: OwnSending): ShowSeat | null {
    const next: ShowSeat = {
      type: 'show_seat',
      camera: switchOf(camera, protection.picture),
      microphone: switchOf(microphone, protection.voice),
      hand: this.#hand.isUp,
      screen: screens.screen.state === 'on',
    };
    const told = this.#told;
    const names = ['camera', 'microphone', 'hand', 'screen'] as const;
    if (told !== null && names.every((name) => told[name] === next[name])) return null;
    this.#told = next;
    return next;
  }
}

/** Where a device stands for others. One that is being started is on: its first packet is awaited. */
export function switchOf({ state }: OwnDevice, protection: Protection): Switch {
  if (state === 'off' || state === 'failed') return state;
  return protection === 'stalled' ? 'stalled' : 'on';
}
