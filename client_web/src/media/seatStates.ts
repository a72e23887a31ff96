/** What the other seats have switched, as the server tells it. */

import type { Alias, SeatShown } from '../protocol/generated';
import type { Shown } from './mediaPort';
import type { MediaKind } from './negotiation';

export class SeatStates {
  readonly #shown = new Map<Alias, Shown>();

  /** A connection begins: the server tells everything anew. */
  begin(): void {
    this.#shown.clear();
  }

  /** What the server tells of a seat. */
  take({ alias, camera, microphone, hand, screen }: SeatShown): void {
    this.#shown.set(alias, { camera, microphone, hand, screen });
  }

  /** What a seat says of itself; null before it does. */
  of(alias: Alias): Shown | null {
    return this.#shown.get(alias) ?? null;
  }

  /** Whether a track of a seat ought to come, as far as that is up to the person there. */
  isSent(alias: Alias, kind: MediaKind): boolean {
    const shown = this.of(alias);
    if (shown === null) return true;
    if (kind === 'audio') return shown.microphone !== 'failed'; // one that is off sends silence
    return shown.camera === 'on' || shown.camera === 'stalled'; // one that has stalled sends black
  }
}
