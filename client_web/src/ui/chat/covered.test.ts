import { expect, test } from 'vitest';

import { isCovered } from './covered';

const PANEL = { left: 900, top: 100, right: 1350, bottom: 740 };

test.each([
  ['a button under it', { left: 1000, top: 300, right: 1100, bottom: 344 }, true],
  ['half of a button', { left: 850, top: 300, right: 950, bottom: 344 }, true],
  ['less than half', { left: 840, top: 300, right: 940, bottom: 344 }, false],
  ['a document that it lies over in part', { left: 0, top: 0, right: 1366, bottom: 768 }, false],
  ['a field beside it', { left: 700, top: 300, right: 900, bottom: 344 }, false],
  ['a field above it', { left: 1000, top: 40, right: 1100, bottom: 90 }, false],
])('%s', (_, box, expected) => {
  expect(isCovered(box, PANEL)).toBe(expected);
});
