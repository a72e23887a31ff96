import { expect, test } from 'vitest';

import { levelOf, meterAfter, peakOf } from './soundLevel';

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

test('a peak is as loud on either side', () => {
  expect([peakOf(Float32Array.of(0.25, -0.5, 0)), peakOf(new Float32Array(0))]).toEqual([0.5, 0]);
});

test('a meter rises at once', () => {
  expect(meterAfter(0.1, 0.8)).toBe(0.8);
});

test('a meter shows a short sound for a while', () => {
  let shown = 1;
  for (let look = 0; look < 21; look += 1) shown = meterAfter(shown, 0);
  expect(shown).toBeCloseTo(1 - 20 / 60, 1);
});

test('a meter comes to rest', () => {
  expect(meterAfter(0.001, 0)).toBe(0);
});
