import { expect, test } from 'vitest';

import { AWAY_AFTER_MS, longAway, observed } from './absences';

test('who is away is so since the first look that missed the seat', () => {
  const first = observed(new Map(), ['E1', 'E2'], new Set(['E2']), 10);
  const second = observed(first, ['E1', 'E2'], new Set(), 20);

  expect([...first]).toEqual([['E1', 10]]);
  expect([...second]).toEqual([
    ['E1', 10],
    ['E2', 20],
  ]);
  expect([...observed(second, ['E1', 'E2'], new Set(['E1']), 30)]).toEqual([['E2', 20]]);
});

test('the same absences are the same object', () => {
  const first = observed(new Map(), ['E1'], new Set(), 10);

  expect(observed(first, ['E1'], new Set(), 20)).toBe(first);
});

test('one that has lasted is told, with the beginning of the longest', () => {
  const absences = new Map([
    ['E1', 1000],
    ['E2', 0],
    ['E3', 3000],
  ]);

  expect(longAway(absences, 1000 + AWAY_AFTER_MS)).toEqual({ seats: ['E1', 'E2'], since: 0 });
  expect(longAway(absences, 0)).toEqual({ seats: [], since: null });
});
