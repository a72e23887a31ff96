import { expect, test } from 'vitest';

import { isTooLarge, lineRange, SIZE_LIMIT } from './tenders';

test('a line of a text is found, the last one for a line beyond', () => {
  const text = 'title: a\n\nseats: b';

  expect([1, 2, 3, 4].map((line) => text.slice(...lineRange(text, line)))).toEqual([
    'title: a',
    '',
    'seats: b',
    'seats: b',
  ]);
});

test('a file is measured in bytes, not in characters', () => {
  expect(isTooLarge({ name: 'a.yaml', content: 'a'.repeat(SIZE_LIMIT) })).toBe(false);
  expect(isTooLarge({ name: 'a.yaml', content: '评'.repeat(SIZE_LIMIT / 2) })).toBe(true);
});
