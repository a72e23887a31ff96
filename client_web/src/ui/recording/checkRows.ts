/** What an examination of the recordings found, track by track, for the sentences that tell it. */

import type { Alias, MediaTrack, RecordingsChecked, Stretch, Stretches, TrackCheck } from '../../protocol/generated';

/** One sentence: the message `recording.check.<code>`. */
export interface CheckRow {
  readonly alias: Alias;
  readonly kind: MediaTrack;
  readonly code: 'never' | 'gaps' | 'still' | 'dark' | 'silent' | 'unreadable';
  /** All of it together; 0 where no length is told. */
  readonly lasts: number;
  /** How much of a silence falls into pauses and into work that each member does alone. */
  readonly apart: number;
  /** When, the longest stretches. */
  readonly when: readonly Stretch[];
  /** Whether there were more than those. */
  readonly more: boolean;
  /** Pieces that cannot be decoded. */
  readonly count: number;
}

const KINDS = ['gaps', 'still', 'dark', 'silent'] as const;

/** Everything that was found; nothing where all is as it should be. */
export function checkRows(check: RecordingsChecked): CheckRow[] {
  return check.tracks.flatMap(trackRows);
}

function trackRows(track: TrackCheck): CheckRow[] {
  const row = (code: CheckRow['code'], found: Stretches | null, rest: Partial<CheckRow> = {}): CheckRow => ({
    ...{ alias: track.alias, kind: track.kind, code, lasts: found?.total_ms ?? 0, apart: 0, count: 0 },
    ...{ when: found?.longest ?? [], more: found !== null && found.total_ms > lengthOf(found.longest) },
    ...rest,
  });
  if (track.due_ms > 0 && track.recorded_ms === 0) return [row('never', null)];
  const rows = KINDS.filter((kind) => track[kind].total_ms > 0).map((kind) =>
    row(kind, track[kind], kind === 'silent' ? { apart: track.silent_apart_ms } : {}),
  );
  return track.unreadable > 0 ? [...rows, row('unreadable', null, { count: track.unreadable })] : rows;
}

function lengthOf(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, { begins_at, ends_at }) => sum + ends_at - begins_at, 0);
}

/** A length of time in whole hours, minutes and seconds. */
export interface Length {
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
}

/** Rounded to a second. */
export function lengthParts(ms: number): Length {
  const seconds = Math.round(ms / 1000);
  return { hours: Math.floor(seconds / 3600), minutes: Math.floor(seconds / 60) % 60, seconds: seconds % 60 };
}
