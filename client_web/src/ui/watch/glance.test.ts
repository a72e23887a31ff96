import { expect, test } from 'vitest';

import type { SeatRow } from '../console/seatRows';
import { seatCounts, seatState } from './glance';

function row(key: SeatRow['key'], presence: SeatRow['presence']): SeatRow {
  const empty = {
    isChair: false,
    name: null,
    code: null,
    checkIn: null,
    sheets: [],
    call: null,
    precheck: null,
    acts: [],
  };
  return { alias: 'E1', role: 'expert', key, presence, ...empty };
}

test.each([
  ['vacant', 'away', 'vacant'],
  ['enrolled', 'present', 'unconfirmed'],
  ['confirmed', 'present', 'present'],
  ['confirmed', 'away', 'away'],
  ['confirmed', 'unseen', 'confirmed'],
  ['vacant', 'unseen', 'vacant'],
  ['confirmed', 'unknown', 'unknown'],
] as const)('a seat whose key is %s and that is %s: %s', (key, presence, state) => {
  expect(seatState(row(key, presence))).toBe(state);
});

test('a venue is told in numbers, what is amiss last', () => {
  const rows = [
    row('confirmed', 'away'),
    row('confirmed', 'present'),
    row('confirmed', 'present'),
    row('vacant', 'away'),
  ];

  expect(seatCounts({ rows })).toEqual([
    ['present', 2],
    ['vacant', 1],
    ['away', 1],
  ]);
  expect(seatCounts({ rows: [] })).toEqual([]);
});
