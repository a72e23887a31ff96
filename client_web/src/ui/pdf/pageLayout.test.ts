import { describe, expect, it, test } from 'vitest';

import { currentPage, FIT, isNear, pagePlaces, steppedZoom, viewerKey, ZOOMS } from './pageLayout';

const A4 = { width: 595, height: 842 };
const WIDE = { width: 842, height: 595 };
const PLACES = pagePlaces([A4, WIDE, A4], 595);

test('pages stand one under the other, all of one width', () => {
  expect(PLACES).toEqual([
    { top: 0, width: 595, height: 842 },
    { top: 858, width: 595, height: 420 },
    { top: 1294, width: 595, height: 842 },
  ]);
});

describe('the page that is looked at', () => {
  it.each([
    [0, 1],
    [557, 1],
    [558, 2],
    [993, 2],
    [995, 3],
    [9999, 3],
  ])('at %d is page %d', (top, page) => {
    expect(currentPage(PLACES, { top, height: 600 })).toBe(page);
  });

  it('is the first while the frame has no height, and none of no pages', () => {
    expect([currentPage(PLACES, { top: 0, height: 0 }), currentPage([], { top: 0, height: 600 })]).toEqual([1, 0]);
  });
});

test('pages are drawn from one height before they are reached to one height after', () => {
  const near = (top: number) => PLACES.map((place) => isNear(place, { top, height: 300 }));

  expect([near(0), near(259), near(1142), near(1600)]).toEqual([
    [true, false, false],
    [true, true, false],
    [false, true, true],
    [false, false, true],
  ]);
});

test('the zoom goes step by step and stays at its ends', () => {
  const up = ZOOMS.map((zoom) => steppedZoom(zoom, 1));
  const down = ZOOMS.map((zoom) => steppedZoom(zoom, -1));

  expect([up, down]).toEqual([
    [0.75, FIT, 1.25, 1.5, 2, 3, 3],
    [0.5, 0.5, 0.75, FIT, 1.25, 1.5, 2],
  ]);
});

test('keys of the browser are left to it', () => {
  const plain = { ctrlKey: false, altKey: false, metaKey: false };

  expect([
    viewerKey({ ...plain, key: 'PageDown' }),
    viewerKey({ ...plain, key: '=' }),
    viewerKey({ ...plain, key: 'a' }),
    viewerKey({ ...plain, key: '+', ctrlKey: true }),
  ]).toEqual(['down', 'larger', null, null]);
});
