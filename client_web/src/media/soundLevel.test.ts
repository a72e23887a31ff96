import { expect, test } from 'vitest';

import { levelOf } from './soundLevel';

test.each([
  ['silence', 0, 0],
  ['what can hardly be heard', 0.0001, 0],
  ['a tenth of the scale, 20 dB down', 0.1, 2 / 3],
  ['the whole scale', 1, 1],
])('%s', (_, sample, expected) => {
  expect(levelOf(new Float32Array(64).fill(sample))).toBeCloseTo(expected, 5);
});

test('nothing is silence', () => {
  expect(levelOf(new Float32Array(0))).toBe(0);
});
