import { expect, it, test } from 'vitest';

import { MARK_CODES, sinceOf, sinceWritten } from './replayTable';
import { GOLDEN_REPLAYS } from './testWorld/goldenReplays';

test('a line counts from when it came, or from when the seat was planned, but for those in the runs', () => {
  const sight = { planned: 2, later: [[4, 5, 7]] as const, never: [[6, 6]] as const };

  expect(sinceOf(sight, 9)).toEqual([2, 2, 2, 3, 7, 7, Infinity, 7, 8]);
});

test('the record holds each line since it was written', () => {
  expect(sinceWritten(3)).toEqual([0, 1, 2]);
});

it.each(GOLDEN_REPLAYS)('$name: says of every alias which lines it holds at the end', ({ log, table }) => {
  for (const [alias, sight] of Object.entries(table.aliases)) {
    const held = [...sinceOf(sight, table.size).entries()].filter(([, when]) => when < table.size);
    expect(held.map(([seq]) => seq)).toEqual(log.views[alias]?.seqs);
  }
});

it.each(GOLDEN_REPLAYS)('$name: has marks of known kinds that fit their lines', ({ lines, table }) => {
  for (const { seq, at, code } of table.marks) {
    expect(lines[seq]?.head.at).toBe(at);
    expect(MARK_CODES).toContain(code);
  }
});
