import { expect, test } from 'vitest';

import { byVenue, criteriaOf, entryAddress, type SittingSeat } from './sitting';

const seat = (alias: string, venue: string): SittingSeat => ({
  alias,
  role: 'expert',
  venue,
  venue_name: `${venue}县`,
  held_by: 'script',
  about_to: '',
});

test('the code stands in the fragment, as digits alone', () => {
  expect(entryAddress('1234 5678')).toBe('/#code=12345678');
});

test('seats stand under their venues in the order they were planned', () => {
  const grouped = byVenue([seat('E1', 'jia'), seat('E3', 'yi'), seat('H1', 'jia')]);

  expect(grouped.map(([name, seats]) => [name, seats.map(({ alias }) => alias)])).toEqual([
    ['jia县', ['E1', 'H1']],
    ['yi县', ['E3']],
  ]);
});

test('a card has every criterion once', () => {
  expect(criteriaOf({ A: { plan: '13.0', team: '5' }, B: { team: '4' } })).toEqual(['plan', 'team']);
});
