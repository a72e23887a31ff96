import { expect, test } from 'vitest';

import { isUsable, padPoints, strokesOf } from './ink';

const SIZE = { width: 440, height: 180 };

test('strokes are parts of the pad, inside of it, with a pressure in any case', () => {
  const drawn = [
    [
      { x: 44, y: 90, pressure: 0.25 },
      { x: -3, y: 200, pressure: 0 },
    ],
    [],
    [{ x: 1 / 3, y: 0, pressure: 2 }],
  ];

  expect(strokesOf(drawn, SIZE)).toEqual([
    [
      { x: 0.1, y: 0.5, pressure: 0.25 },
      { x: 0, y: 1, pressure: 0.5 },
    ],
    [{ x: 0.0008, y: 0, pressure: 1 }],
  ]);
});

test('strokes come back to a pad of another size', () => {
  expect(padPoints([[{ x: 0.1, y: 0.5, pressure: 0.25 }]], { width: 880, height: 360 })).toEqual([
    [{ x: 88, y: 180, pressure: 0.25 }],
  ]);
});

test('more points than the server takes are thinned, and every stroke keeps its ends', () => {
  const long = Array.from({ length: 5000 }, (_, index) => ({ x: index % 440, y: 50, pressure: 0.5 }));

  const [stroke = [], dot = []] = strokesOf([long, [{ x: 1, y: 1, pressure: 0.5 }]], SIZE);

  expect(stroke.length).toBe(2501);
  expect([stroke[0]?.x, stroke.at(-1)?.x, dot.length]).toEqual([0, 0.3614, 1]);
});

test('a signature needs one line that can be seen', () => {
  const point = (x: number) => ({ x, y: 0.5, pressure: 0.5 });

  expect([isUsable([]), isUsable([[point(0.5)]]), isUsable([[point(0.5), point(0.54)]])]).toEqual([
    false,
    false,
    false,
  ]);
  expect(isUsable([[point(0.5)], [point(0.5), point(0.56)]])).toBe(true);
  expect(isUsable(Array.from({ length: 201 }, () => [point(0), point(1)]))).toBe(false);
});
