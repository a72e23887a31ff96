import { expect, test } from 'vitest';

import { aligned, compared, decimal, isMultiple, normalised, parsed, product, rounded, shown, sum } from './decimals';

test.each([
  ['１２．５', '12.5'],
  ['12。5', '12.5'],
  ['12,5', '12.5'],
  [' 7 ', '7'],
  ['　８', '8'],
  ['－3', '-3'],
  ['十二', '十二'],
])('%s is read as %s', (typed, text) => {
  expect(normalised(typed)).toBe(text);
});

test.each(['', '.', '1.', '.5', '1.2.3', 'x', '1e3', '+1'])('%j is no decimal', (text) => {
  expect(parsed(text)).toBeNull();
});

test('sums and products are exact', () => {
  expect(shown(sum([decimal('0.1'), decimal('0.2'), decimal('13')]))).toBe('13.3');
  expect(shown(product(decimal('13.5'), decimal('0.15')))).toBe('2.025');
  expect(shown(sum([]))).toBe('0');
  expect(shown(decimal('-0.50'))).toBe('-0.5');
});

test('comparison looks at the value, not at the digits written', () => {
  expect(compared(decimal('1.50'), decimal('1.5'))).toBe(0);
  expect(compared(decimal('1.4'), decimal('1.5'))).toBe(-1);
  expect(compared(decimal('2'), decimal('1.5'))).toBe(1);
});

test('multiples of a unit', () => {
  expect(isMultiple(decimal('13.5'), decimal('0.5'))).toBe(true);
  expect(isMultiple(decimal('13.3'), decimal('0.5'))).toBe(false);
  expect(isMultiple(decimal('13.50'), decimal('0.5'))).toBe(true);
});

test('a column gets as many decimals as its longest number', () => {
  expect(aligned(['13', '12.5', '9.75', ''])).toEqual(['13.00', '12.50', '9.75', '']);
  expect(aligned(['13', '5'])).toEqual(['13', '5']);
  expect(aligned([])).toEqual([]);
});

test('numbers are rounded for reading by their magnitude', () => {
  expect(rounded('-0.0292825769', 2)).toBe('-0.03');
  expect(rounded('3.405', 2)).toBe('3.41');
  expect(rounded('-3.405', 2)).toBe('-3.41');
  expect(rounded('3.4', 2)).toBe('3.4');
  expect(rounded('', 2)).toBe('');
});
