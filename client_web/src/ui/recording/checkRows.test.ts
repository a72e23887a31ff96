import { expect, test } from 'vitest';

import type { RecordingsChecked, Stretches, TrackCheck } from '../../protocol/generated';
import { checkRows, lengthParts } from './checkRows';

const NONE: Stretches = { total_ms: 0, longest: [] };
const WHOLE: TrackCheck = {
  ...{ alias: 'E2', kind: 'video', due_ms: 60_000, recorded_ms: 60_000 },
  ...{ gaps: NONE, still: NONE, dark: NONE, silent: NONE, silent_apart_ms: 0, unreadable: 0 },
};

function checked(...tracks: TrackCheck[]): RecordingsChecked {
  return { type: 'recordings_checked', pieces: 9, examined: 9, tracks };
}

function lasting(total_ms: number, named = total_ms): Stretches {
  return { total_ms, longest: [{ begins_at: 1000, ends_at: 1000 + named }] };
}

test('a recording that is whole has nothing to tell', () => {
  expect(checkRows(checked(WHOLE, { ...WHOLE, kind: 'audio' }))).toEqual([]);
});

test('each finding is a row with its length and its time', () => {
  const [still, dark] = checkRows(checked({ ...WHOLE, still: lasting(40_000), dark: lasting(9000, 5000) }));

  expect(still).toEqual({
    ...{ alias: 'E2', kind: 'video', code: 'still', lasts: 40_000, apart: 0, count: 0, more: false },
    when: [{ begins_at: 1000, ends_at: 41_000 }],
  });
  expect(dark).toMatchObject({ code: 'dark', lasts: 9000, more: true });
});

test('silence tells how much of it is no fault', () => {
  const [row] = checkRows(checked({ ...WHOLE, kind: 'audio', silent: lasting(90_000), silent_apart_ms: 30_000 }));

  expect(row).toMatchObject({ code: 'silent', lasts: 90_000, apart: 30_000 });
});

test('a track that was never recorded is one row', () => {
  const rows = checkRows(checked({ ...WHOLE, recorded_ms: 0, gaps: lasting(60_000) }));

  expect(rows.map(({ code }) => code)).toEqual(['never']);
});

test('pieces that cannot be decoded are counted', () => {
  expect(checkRows(checked({ ...WHOLE, unreadable: 3 }))).toMatchObject([{ code: 'unreadable', count: 3 }]);
});

test('a length is told in hours, minutes and seconds', () => {
  expect(lengthParts(3_725_400)).toEqual({ hours: 1, minutes: 2, seconds: 5 });
  expect(lengthParts(59_600)).toEqual({ hours: 0, minutes: 1, seconds: 0 });
});
