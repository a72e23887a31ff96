import { expect, test } from 'vitest';

import type { Phase } from '../protocol/generated';
import { stepMarks } from './stepBar';

const states = (room: Phase, lot: Phase | null) =>
  stepMarks(room, lot)
    .map(({ state }) => state[0])
    .join('');

test.each<[Phase, Phase | null, string]>([
  ['prepared', 'prepared', 'aaaaaaaaa'],
  ['check_in', 'prepared', 'caaaaaaaa'],
  ['chair_election', 'prepared', 'dcaaaaaaa'],
  ['evaluation', 'examination', 'ddcaaaaaa'],
  ['evaluation', 'scoring', 'dddcaaaaa'],
  ['evaluation', 'summary', 'dddddcaaa'],
  ['evaluation', 'locked', 'ddddddcaa'],
  ['evaluation', 'signing', 'dddddddca'],
  ['evaluation', 'sealed', 'ddddddddd'],
  ['closed', 'sealed', 'ddddddddd'],
  ['chair_election', 'scoring', 'dddcaaaaa'],
  ['closed', 'locked', 'ddddddcaa'],
  ['closed', 'prepared', 'aaaaaaaaa'],
  ['check_in', null, 'caaaaaaaa'],
])('room %s, lot %s: %s', (room, lot, expected) => {
  expect(states(room, lot)).toBe(expected);
});
