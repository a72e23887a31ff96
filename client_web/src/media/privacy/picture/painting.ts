/** From the cells of a mosaic to the pixels that are sent: nothing but cells gets in. Pure. */

import { COLUMNS, ROWS, shownAs, type Cells } from './mosaic';

/** Pixels of a cell's side. */
const SIDE = 20;

/** Of the picture that others get. */
export const SENT_WIDTH = COLUMNS * SIDE;
export const SENT_HEIGHT = ROWS * SIDE;

export type Pixels = Uint8ClampedArray<ArrayBuffer>;

/** RGBA, SENT_WIDTH by SENT_HEIGHT. */
export function paint(cells: Cells): Pixels {
  const pixels = black();
  for (let place = 0; place < SENT_WIDTH * SENT_HEIGHT; place++) {
    const [x, y] = [place % SENT_WIDTH, Math.floor(place / SENT_WIDTH)];
    const cell = 3 * (Math.floor(y / SIDE) * COLUMNS + Math.floor(x / SIDE));
    for (let colour = 0; colour < 3; colour++) pixels[4 * place + colour] = shownAs(cells[cell + colour] ?? 0);
  }
  return pixels;
}

/** The picture while there is no mosaic. */
export function black(): Pixels {
  const pixels: Pixels = new Uint8ClampedArray(4 * SENT_WIDTH * SENT_HEIGHT);
  for (let alpha = 3; alpha < pixels.length; alpha += 4) pixels[alpha] = 255;
  return pixels;
}
