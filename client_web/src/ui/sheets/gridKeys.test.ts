import { expect, test } from 'vitest';

import { moved } from './gridKeys';

const SIZE = { rows: 2, columns: 3 };
const press = (key: string, edges = { atStart: true, atEnd: true }, shift = false) => ({ key, shift, ...edges });

test('Enter goes down, then to the top of the next column, and stops at the end', () => {
  expect(moved({ row: 0, column: 0 }, SIZE, press('Enter'))).toEqual({ row: 1, column: 0 });
  expect(moved({ row: 1, column: 0 }, SIZE, press('Enter'))).toEqual({ row: 0, column: 1 });
  expect(moved({ row: 1, column: 2 }, SIZE, press('Enter'))).toBeNull();
});

test('Shift and Enter go back', () => {
  expect(moved({ row: 0, column: 1 }, SIZE, press('Enter', undefined, true))).toEqual({ row: 1, column: 0 });
  expect(moved({ row: 0, column: 0 }, SIZE, press('Enter', undefined, true))).toBeNull();
});

test('up and down stay within the column', () => {
  expect(moved({ row: 0, column: 2 }, SIZE, press('ArrowDown'))).toEqual({ row: 1, column: 2 });
  expect(moved({ row: 1, column: 2 }, SIZE, press('ArrowDown'))).toBeNull();
  expect(moved({ row: 0, column: 2 }, SIZE, press('ArrowUp'))).toBeNull();
});

test('left and right leave a cell only from the edge of its text', () => {
  const inside = { atStart: false, atEnd: false };
  expect(moved({ row: 0, column: 0 }, SIZE, press('ArrowRight'))).toEqual({ row: 0, column: 1 });
  expect(moved({ row: 0, column: 0 }, SIZE, press('ArrowRight', inside))).toBeNull();
  expect(moved({ row: 0, column: 1 }, SIZE, press('ArrowLeft'))).toEqual({ row: 0, column: 0 });
  expect(moved({ row: 0, column: 1 }, SIZE, press('ArrowLeft', inside))).toBeNull();
  expect(moved({ row: 0, column: 2 }, SIZE, press('ArrowRight'))).toBeNull();
});

test('every other key is the browser’s', () => {
  expect(moved({ row: 0, column: 0 }, SIZE, press('Tab'))).toBeNull();
  expect(moved({ row: 0, column: 0 }, SIZE, press('5'))).toBeNull();
});
