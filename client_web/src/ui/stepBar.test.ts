import { expect, test } from 'vitest';

import type { Phase } from '../protocol/generated';
import { stepMarks } from './stepBar';

const states = (room: Phase, lot: Phase | null) =>
  stepMarks(room, lot)
    .map(({ state }) => state[0])
    .join('');

test.each<[Phase, Phase | null, string]>([
  ['prepared', 'prepared', 'aaaaaaa'],
  ['check_in', 'prepared', 'caaaaaa'],
  ['chair_election', 'prepared', 'dcaaaaa'],
  ['evaluation', 'examination', 'ddcaaaa'],
  ['evaluation', 'scoring', 'dddcaaa'],
  ['evaluation', 'summary', 'dddddca'],
  ['evaluation', 'locked', 'ddddddd'],
  ['chair_election', 'scoring', 'dddcaaa'],
  ['closed', 'locked', 'ddddddd'],
  ['closed', 'prepared', 'aaaaaaa'],
  ['check_in', null, 'caaaaaa'],
])('room %s, lot %s: %s', (room, lot, expected) => {
  expect(states(room, lot)).toBe(expected);
});
