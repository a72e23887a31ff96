/** When something of a seat was to be recorded and was not, from the lines of the record. Pure. */

import type { Alias, GapReason, MediaTrack, Millis, Seq } from '../../protocol/generated';
import type { Span } from '../../replay/span';
import type { Line } from '../../session/line';

/** One stretch without a recording. */
export interface RecordingBreak {
  /** The line that tells of it. */
  readonly seq: Seq;
  readonly alias: Alias;
  readonly kind: MediaTrack;
  readonly gap: GapReason;
  readonly from: Millis;
  /** None while it lasts: up to the last of the lines. */
  readonly to: Millis | null;
}

/** In the order in which they began; what was not wanted any more is none, nor is a screen, which comes and goes. */
export function recordingBreaks(lines: readonly Line[]): RecordingBreak[] {
  const found: RecordingBreak[] = [];
  const open = new Map<string, number>();
  for (const { head, event } of lines) {
    if (event.type !== 'recording_began' && event.type !== 'recording_gap') continue;
    const track = `${event.alias} ${event.kind}`;
    const at = open.get(track);
    const last = at === undefined ? undefined : found[at];
    if (at !== undefined && last !== undefined) found[at] = { ...last, to: head.at };
    open.delete(track);
    if (event.type === 'recording_began' || event.gap === 'not_wanted' || event.kind === 'screen') continue;
    open.set(track, found.length);
    found.push({ seq: head.seq, alias: event.alias, kind: event.kind, gap: event.gap, from: head.at, to: null });
  }
  return found;
}

/** The same as spans of a timeline that ends at a moment. */
export function breakSpans(breaks: readonly RecordingBreak[], end: Millis): Span[] {
  return breaks.map(({ from, to }) => ({ from, to: to ?? end }));
}
