import { expect, it, test } from 'vitest';

import { cursorAt, cursorOn, stepOf, stepsOf, type Step } from './steps';
import { GOLDEN_REPLAYS } from './testWorld/goldenReplays';

const STEPS: readonly Step[] = [
  { first: 0, size: 3, at: 1000, by: 'system' },
  { first: 3, size: 4, at: 2000, by: 'H1' },
  { first: 4, size: 6, at: 2000, by: 'E1' },
  { first: 6, size: 7, at: 9000, by: 'E2' },
];

it.each(GOLDEN_REPLAYS)('$name: every step is one signed command or the server’s, and none is missing', ({ lines }) => {
  const steps = stepsOf(lines);

  expect(steps.map(({ first }) => first)).toEqual([0, ...steps.slice(0, -1).map(({ size }) => size)]);
  expect(steps.at(-1)?.size).toBe(lines.length);
  for (const { first, size, at, by } of steps) {
    const step = lines.slice(first, size);
    expect(step.filter(({ head }) => head.signed !== undefined)).toHaveLength(by === 'system' ? 0 : 1);
    expect(step.every(({ head }) => head.at === at && head.by === by)).toBe(true);
  }
});

test('a moment lies after all that was done by then', () => {
  expect(cursorAt(STEPS, 1500)).toEqual({ at: 1500, step: 0 });
  expect(cursorAt(STEPS, 2000)).toEqual({ at: 2000, step: 2 });
  expect(cursorAt(STEPS, 99_999)).toEqual({ at: 99_999, step: 3 });
  expect(cursorAt(STEPS, 0)).toEqual({ at: 1000, step: 0 });
});

test('steps of the same moment can be looked at one after the other', () => {
  expect(cursorOn(STEPS, 1)).toEqual({ at: 2000, step: 1 });
  expect(cursorOn(STEPS, -1)).toEqual({ at: 1000, step: 0 });
  expect(cursorOn(STEPS, 7)).toEqual({ at: 9000, step: 3 });
});

test('a line belongs to its step', () => {
  expect([0, 2, 3, 5, 6].map((seq) => stepOf(STEPS, seq))).toEqual([0, 0, 1, 2, 3]);
});
