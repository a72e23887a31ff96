import { describe, expect, it } from 'vitest';

import { seeded } from '../testWorld/vowels';
import { COLUMNS, HEIGHT, Mosaic, ROWS, shownAs, TONES, WIDTH } from './mosaic';

type Colour = readonly [red: number, green: number, blue: number];

function picture(colourAt: (x: number, y: number) => Colour): Uint8ClampedArray {
  const pixels = new Uint8ClampedArray(4 * WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) pixels.set([...colourAt(x, y), 255], 4 * (y * WIDTH + x));
  }
  return pixels;
}

function grey(brightness: number): Uint8ClampedArray {
  return picture(() => [brightness, brightness, brightness]);
}

describe('a mosaic', () => {
  it('has a few cells, each of one of a few tones', () => {
    const random = seeded(1);

    const cells = new Mosaic().next(picture(() => [255 * random(), 255 * random(), 255 * random()]));

    expect(cells).toHaveLength(3 * COLUMNS * ROWS);
    expect(COLUMNS * ROWS).toBeLessThan(150);
    expect(cells.every((tone) => tone < TONES)).toBe(true);
  });

  it('shows where it is bright and of what colour', () => {
    const cells = new Mosaic().next(
      picture((x, y) => (x < WIDTH / 2 ? [250, 0, 0] : y < HEIGHT / 3 ? [0, 250, 0] : [0, 0, 250])),
    );

    const at = (column: number, row: number) => [
      ...cells.slice(3 * (row * COLUMNS + column), 3 * (row * COLUMNS + column) + 3),
    ];
    const top = TONES - 1;
    expect([at(0, 0), at(15, 0), at(15, 8)]).toEqual([
      [top, 0, 0],
      [0, top, 0],
      [0, 0, top],
    ]);
  });

  it('is the same for two faces whose features differ inside the cells', () => {
    const stripes = picture((x) => (x % 2 === 0 ? [200, 160, 120] : [100, 60, 20]));
    const dots = picture((x, y) => ((x + y) % 2 === 0 ? [200, 160, 120] : [100, 60, 20]));

    expect(new Mosaic().next(stripes)).toEqual(new Mosaic().next(dots));
  });

  it('stays as it is while the camera makes noise around the edge of a tone', () => {
    const random = seeded(2);
    const mosaic = new Mosaic();
    const edge = 256 / TONES;
    const first = mosaic.next(grey(edge + 1));

    for (let n = 0; n < 20; n++) expect(mosaic.next(grey(edge - 4 + 8 * random()))).toEqual(first);
  });

  it('changes when it is clearly another tone, and for both ways at another place', () => {
    const mosaic = new Mosaic();
    const tones = [20, 60, 40, 20].map((brightness) => mosaic.next(grey(brightness))[0]);

    expect(tones).toEqual([0, 1, 1, 0]);
  });
});

describe('shownAs', () => {
  it('is inside the tone', () => {
    expect(Array.from({ length: TONES }, (_, tone) => shownAs(tone))).toEqual([21, 64, 107, 149, 192, 235]);
  });
});
