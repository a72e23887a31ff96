import { expect, test } from 'vitest';

import { asksDissent, CHOSEN_ENDS, isReadyToEnd, isSigned } from './chosenEnd';

test('a dissent is asked for where it is kept or is the reason', () => {
  expect(CHOSEN_ENDS.map(asksDissent)).toEqual([false, true, true, false]);
});

test('an end is ready once it is chosen and its dissent is stated', () => {
  expect(CHOSEN_ENDS.map((end) => isReadyToEnd(end, ' \n'))).toEqual([true, false, false, true]);
  expect(CHOSEN_ENDS.map((end) => isReadyToEnd(end, '报价分有误。'))).toEqual([true, true, true, true]);
  expect(isReadyToEnd(null, '报价分有误。')).toBe(false);
});

test('two ends need a signature', () => {
  expect(CHOSEN_ENDS.map(isSigned)).toEqual([true, true, false, false]);
});
