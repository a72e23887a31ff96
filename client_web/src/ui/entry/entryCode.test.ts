import { expect, test } from 'vitest';

import { codeDigits, grouped, minutesAndSeconds } from './entryCode';

test.each([
  ['1234 5678', '12345678'],
  ['１２３４５６７８', '12345678'],
  ['1234-5678\n', '12345678'],
  ['入场码：1234 5678', '12345678'],
  ['123456789', '12345678'],
  ['', ''],
])('%j holds the digits %j', (typed, digits) => {
  expect(codeDigits(typed)).toBe(digits);
});

test('a code is shown in two groups', () => {
  expect(grouped('1234')).toBe('1234');
  expect(grouped('12345')).toBe('1234 5');
  expect(grouped('12345678')).toBe('1234 5678');
});

test('a wait is shown in minutes and seconds', () => {
  expect(minutesAndSeconds(545)).toBe('9:05');
  expect(minutesAndSeconds(30)).toBe('0:30');
});
