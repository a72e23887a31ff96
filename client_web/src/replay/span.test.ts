import { expect, test } from 'vitest';

import { between, holding, momentAt, placeIn, zoomed } from './span';

const WHOLE = { from: 0, to: 100_000 };

test('a moment and its place belong to each other', () => {
  const span = { from: 20_000, to: 60_000 };

  expect(placeIn(span, 30_000)).toBe(0.25);
  expect(momentAt(span, 0.25)).toBe(30_000);
  expect([momentAt(span, -1), momentAt(span, 2)]).toEqual([20_000, 60_000]);
  expect(placeIn({ from: 5, to: 5 }, 5)).toBe(0);
});

test('zooming keeps the moment where it is, within the whole', () => {
  expect(zoomed(WHOLE, 25_000, 0.5, WHOLE)).toEqual({ from: 12_500, to: 62_500 });
  expect(zoomed({ from: 0, to: 50_000 }, 50_000, 4, WHOLE)).toEqual(WHOLE);
  expect(zoomed({ from: 40_000, to: 40_100 }, 40_050, 0.5, WHOLE)).toEqual({ from: 39_550, to: 40_550 });
});

test('a span follows a moment that leaves it', () => {
  const span = { from: 20_000, to: 40_000 };

  expect(holding(span, 30_000, WHOLE)).toBe(span);
  expect(holding(span, 50_000, WHOLE)).toEqual({ from: 30_000, to: 50_000 });
  expect(holding(span, 5_000, WHOLE)).toEqual({ from: 5_000, to: 25_000 });
});

test('a stretch goes from the moment before to the moment after', () => {
  const moments = [10_000, 30_000, 30_200];

  expect(between(moments, 12_000, WHOLE)).toEqual({ from: 10_000, to: 30_000 });
  expect(between(moments, 5_000, WHOLE)).toEqual({ from: 0, to: 10_000 });
  expect(between(moments, 30_200, WHOLE)).toEqual({ from: 30_200, to: 100_000 });
  expect(between(moments, 30_100, WHOLE)).toEqual({ from: 29_600, to: 30_600 });
});
