import { expect, test } from 'vitest';

import { Perspective } from '../../replay/perspective';
import { sinceOf, sinceWritten } from '../../replay/replayTable';
import { goldenReplay } from '../../replay/testWorld/goldenReplays';
import { lineRows, type LineFilter } from './lineRows';

const { lines, table } = goldenReplay('plain');
const WHOLE = new Perspective(lines, sinceWritten(table.size));
const ALL: LineFilter = { alias: null, kind: null };

function ofAlias(alias: string): Perspective {
  const sight = table.aliases[alias];
  if (sight === undefined) throw new Error(`${alias} has no seat.`);
  return new Perspective(lines, sinceOf(sight, table.size));
}

test('the whole record is in it, newest first, up to the moment', () => {
  const rows = lineRows(lines, WHOLE, 40, ALL);

  expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 40 }, (_, place) => 39 - place));
  expect(rows.every(({ line }) => line !== null)).toBe(true);
});

test('what an alias did not hold then is a hash to it', () => {
  const ballot = lines.findIndex(({ head, event }) => event.type === 'ballot_cast' && head.by === 'E1');

  const [newest] = lineRows(lines, ofAlias('E2'), ballot + 1, ALL);
  const later = lineRows(lines, ofAlias('E2'), table.size, ALL).find(({ seq }) => seq === ballot);

  expect(newest).toEqual({ seq: ballot, line: null });
  expect(later?.line).toBe(lines[ballot]);
});

test('a filter keeps what somebody did or what is about them, and nothing that the alias could not read', () => {
  const ofE3 = lineRows(lines, ofAlias('E2'), table.size, { alias: 'E3', kind: 'seats' });

  expect(ofE3.map(({ line }) => line?.event.type)).toEqual([
    'pledge_made',
    'recusal_stated',
    'seat_confirmed',
    'seat_enrolled',
    'seat_planned',
  ]);
});
