import { describe, expect, test } from 'vitest';

import { Perspective } from '../../replay/perspective';
import { sinceOf } from '../../replay/replayTable';
import { goldenReplay } from '../../replay/testWorld/goldenReplays';
import { sheetsSeen } from './sheetsSeen';

/** What an alias saw of the sheets when the record had so many lines. */
function seenBy(name: string, alias: string, size: number, lot: string, stage: 'examination' | 'scoring') {
  const { lines, table } = goldenReplay(name);
  const sight = table.aliases[alias];
  if (sight === undefined) throw new Error(`${alias} has no seat.`);
  const perspective = new Perspective(lines, sinceOf(sight, table.size));
  return sheetsSeen(perspective.viewAt(size), perspective.linesAt(size), lot, stage);
}

function placeOf(name: string, type: string, by?: string, nth = 0): number {
  const found = goldenReplay(name).lines.filter(
    ({ head, event }) => event.type === type && (by === undefined || head.by === by),
  );
  return found[nth]?.head.seq ?? -1;
}

describe('before the reveal', () => {
  const size = placeOf('plain', 'sheet_scored', 'E2') + 1;

  test('a member reads the own sheet and knows who has handed in', () => {
    expect(seenBy('plain', 'E2', size, 'L1', 'scoring')).toEqual([
      { alias: 'E1', state: 'handed_in', readableRound: null, isOlder: false },
      { alias: 'E2', state: 'handed_in', readableRound: 1, isOlder: false },
      ...['E3', 'E4', 'R1'].map((alias) => ({ alias, state: 'pending', readableRound: null, isOlder: false })),
    ]);
  });

  test('a witness reads none', () => {
    expect(seenBy('plain', 'W1', size, 'L1', 'scoring').map(({ readableRound }) => readableRound)).toEqual(
      Array(5).fill(null),
    );
  });
});

test('a sheet handed in again leaves the earlier one to read until its own reveal', () => {
  const again = placeOf('returned-sheets', 'sheet_scored', 'R1', 1);

  const seen = seenBy('returned-sheets', 'E1', again + 1, 'L2', 'scoring');

  expect(seen.find(({ alias }) => alias === 'R1')).toEqual({
    alias: 'R1',
    state: 'handed_in',
    readableRound: 1,
    isOlder: true,
  });
});
