/** The screens that others show on one connection, by what has come on their lines. Pure. */

import type { Alias } from '../protocol/generated';
import type { LineCounts } from './mediaConnection';
import type { SharedScreen, Shown, TrackState } from './mediaPort';
import type { OfferedLines, ReceivingLine } from './negotiation';
import { TrackFlow } from './trackFlow';

export class ScreenBoard {
  readonly #flows = new Map<Alias, TrackFlow>();
  readonly #states = new Map<Alias, TrackState>();

  /**
   * Takes what has been counted.
   *
   * @param counts - by SSRC.
   * @param isExpected - whether the screen of an alias ought to come now: by the rules, and because it is shown.
   */
  observe(
    lines: OfferedLines,
    counts: ReadonlyMap<number, LineCounts>,
    isExpected: (source: Alias) => boolean,
    now: number,
  ): void {
    for (const { alias, ssrc } of screenLines(lines)) {
      const flow = this.#flows.get(alias) ?? new TrackFlow();
      this.#flows.set(alias, flow);
      this.#states.set(alias, flow.observe(counts.get(ssrc)?.packets ?? 0, isExpected(alias), now));
    }
  }

  /** A screen for each line, in their order. */
  screens(
    lines: OfferedLines,
    streams: ReadonlyMap<string, MediaStream>,
    paused: ReadonlySet<Alias>,
    shownOf: (source: Alias) => Shown | null,
  ): SharedScreen[] {
    return screenLines(lines).map(({ alias, stream }) => ({
      alias,
      stream: streams.get(stream) ?? null,
      state: this.#states.get(alias) ?? 'waiting',
      isPaused: paused.has(alias),
      isShown: shownOf(alias)?.screen ?? false,
    }));
  }
}

function screenLines(lines: OfferedLines): readonly ReceivingLine[] {
  return lines.receiving.filter(({ track }) => track === 'screen');
}
