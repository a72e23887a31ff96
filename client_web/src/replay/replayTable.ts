/**
 * What a page needs beside the lines to replay a closed room: who saw what since when, and the marks of the timeline.
 *
 * `server/replay/table.py` says the same; golden logs hold the two together.
 */

import type { Alias, LotId, Millis, Seq } from '../protocol/generated';

/** What one alias saw: each line from when it came, none before the own seat was planned; but for these. */
export interface Sight {
  /** The line that planned the seat. */
  readonly planned: Seq;
  /** Runs of lines that opened later: the first, the last, and the line that opened them. */
  readonly later: readonly (readonly [first: Seq, last: Seq, since: Seq])[];
  /** Runs of lines that stayed hidden: the first and the last. */
  readonly never: readonly (readonly [first: Seq, last: Seq])[];
}

export const MARK_CODES = [
  'opened',
  'phase',
  'chair',
  'move',
  'replacement',
  'reveal',
  'return',
  'prices',
  'lock',
  'report',
  'signature',
  'seal',
  'call',
  'answer',
  'pause',
  'resume',
  'close',
] as const;
export type MarkCode = (typeof MARK_CODES)[number];

/** A line that stands out. */
export interface Mark {
  readonly seq: Seq;
  readonly at: Millis;
  readonly code: MarkCode;
  /** Whom it is about. */
  readonly alias: Alias | null;
  readonly lot: LotId | null;
}

export interface ReplayTable {
  /** Lines in the room's record. */
  readonly size: number;
  readonly aliases: Readonly<Record<Alias, Sight>>;
  readonly marks: readonly Mark[];
}

/** By place of a line: the place of the line by whose arrival it became visible; infinite for never. */
export type Since = readonly number[];

/** Since when an alias saw each line of a record of this size. */
export function sinceOf({ planned, later, never }: Sight, size: number): Since {
  const since = Array.from({ length: size }, (_, seq) => Math.max(seq, planned));
  for (const [first, last, when] of later) since.fill(when, first, last + 1);
  for (const [first, last] of never) since.fill(Infinity, first, last + 1);
  return since;
}

/** Since when the record itself held each line. */
export function sinceWritten(size: number): Since {
  return Array.from({ length: size }, (_, seq) => seq);
}
