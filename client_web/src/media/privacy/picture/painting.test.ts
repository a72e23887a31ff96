import { expect, it } from 'vitest';

import { COLUMNS, ROWS, TONES, shownAs } from './mosaic';
import { black, paint, SENT_HEIGHT, SENT_WIDTH } from './painting';

it('shows each cell in one colour and nothing else', () => {
  const cells = Uint8Array.from({ length: 3 * COLUMNS * ROWS }, (_, n) => (7 * n) % TONES);

  const pixels = paint(cells);

  const side = SENT_WIDTH / COLUMNS;
  for (let y = 0; y < SENT_HEIGHT; y++) {
    for (let x = 0; x < SENT_WIDTH; x++) {
      const cell = 3 * (Math.floor(y / side) * COLUMNS + Math.floor(x / side));
      const pixel = [...pixels.subarray(4 * (y * SENT_WIDTH + x), 4 * (y * SENT_WIDTH + x) + 4)];
      const wanted = [...[...cells.subarray(cell, cell + 3)].map(shownAs), 255];
      if (pixel.join() !== wanted.join()) expect(pixel).toEqual(wanted);
    }
  }
  expect(pixels).toHaveLength(4 * SENT_WIDTH * SENT_HEIGHT);
});

it('is black and opaque while there is no mosaic', () => {
  expect(new Set(black().filter((_, n) => n % 4 !== 3))).toEqual(new Set([0]));
  expect(new Set(black().filter((_, n) => n % 4 === 3))).toEqual(new Set([255]));
});
