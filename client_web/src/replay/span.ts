/** The part of the time that a timeline shows. */

import type { Millis } from '../protocol/generated';

export interface Span {
  readonly from: Millis;
  readonly to: Millis;
}

/** Nothing shorter is shown: within a second there is nothing to tell apart. */
const SHORTEST_MS = 1_000;

/** Where a moment lies in a span: 0 at its start, 1 at its end. */
export function placeIn({ from, to }: Span, at: Millis): number {
  return to > from ? (at - from) / (to - from) : 0;
}

/** The moment at a place of a span; the ends for places beyond. */
export function momentAt({ from, to }: Span, place: number): Millis {
  return Math.round(from + Math.min(Math.max(place, 0), 1) * (to - from));
}

/** A span `times` as long about a moment, which keeps its place as far as the whole allows. */
export function zoomed(span: Span, about: Millis, times: number, whole: Span): Span {
  const length = Math.min(Math.max((span.to - span.from) * times, SHORTEST_MS), whole.to - whole.from);
  return shifted(about - placeIn(span, about) * length, length, whole);
}

/** The span moved so far that it holds a moment, and no further. */
export function holding(span: Span, at: Millis, whole: Span): Span {
  if (at >= span.from && at <= span.to) return span;
  const length = span.to - span.from;
  return shifted(at < span.from ? at : at - length, length, whole);
}

/** From the last of these moments before a moment to the first after it. */
export function between(moments: readonly Millis[], at: Millis, whole: Span): Span {
  const from = moments.filter((each) => each <= at).at(-1) ?? whole.from;
  const to = moments.find((each) => each > at) ?? whole.to;
  return to - from >= SHORTEST_MS
    ? { from, to }
    : zoomed({ from, to }, at, SHORTEST_MS / Math.max(to - from, 1), whole);
}

function shifted(from: Millis, length: number, whole: Span): Span {
  const start = Math.min(Math.max(from, whole.from), whole.to - length);
  return { from: start, to: start + length };
}
