/**
 * A picture as a mosaic of so few cells that nobody is recognised in it: pure, on pixels.
 *
 * A head that fills half of the height has some five cells by four: who is there, and how they move, is seen; eyes and
 * mouth are not. Cells are rounded to few tones, and a tone changes only when it is clearly another one: the noise of a
 * camera does not flicker, and the small shifts are lost from which a finer picture could be put together over time.
 *
 * What it does not withstand: somebody who knows hair, clothes and the wall behind the person.
 */

/** Cells of a mosaic. */
export const COLUMNS = 16;
export const ROWS = 9;

/** Red, green and blue of each cell, row by row: the tone of each, 0 (dark) to TONES - 1. */
export type Cells = Uint8Array<ArrayBuffer>;

/** How many tones a colour has. */
export const TONES = 6;
const STEP = 256 / TONES;

/** How far a mean has to lie beyond the edge of a tone for that to change, in steps of a tone. */
const RELUCTANCE = 0.3;

/** Pixels of a small picture to make cells of: ten by ten of them are a cell. */
export const WIDTH = 10 * COLUMNS;
export const HEIGHT = 10 * ROWS;

export class Mosaic {
  #before: Cells | null = null;

  /**
   * The cells of the next picture.
   *
   * @param pixels - RGBA, WIDTH by HEIGHT.
   */
  next(pixels: Uint8ClampedArray): Cells {
    const before = this.#before;
    const cells = meansOf(pixels).map((mean, place) => toneOf(mean, before?.[place]));
    this.#before = Uint8Array.from(cells);
    return this.#before;
  }
}

/** How bright a tone is shown, 0 to 255: the middle of what it stands for. */
export function shownAs(tone: number): number {
  return Math.round((tone + 0.5) * STEP);
}

/** The mean of each cell's colours, in the order of `Cells`. */
function meansOf(pixels: Uint8ClampedArray): Float64Array {
  const means = new Float64Array(3 * COLUMNS * ROWS);
  const share = (COLUMNS * ROWS) / (WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++) {
    const row = Math.floor((y * ROWS) / HEIGHT);
    for (let x = 0; x < WIDTH; x++) {
      const cell = 3 * (row * COLUMNS + Math.floor((x * COLUMNS) / WIDTH));
      const pixel = 4 * (y * WIDTH + x);
      for (let colour = 0; colour < 3; colour++) {
        means[cell + colour] = (means[cell + colour] ?? 0) + share * (pixels[pixel + colour] ?? 0);
      }
    }
  }
  return means;
}

function toneOf(mean: number, before: number | undefined): number {
  const tone = Math.min(Math.floor(mean / STEP), TONES - 1);
  if (before === undefined) return tone;
  const beyond = Math.abs(mean / STEP - (before + 0.5)) - 0.5;
  return beyond > RELUCTANCE ? tone : before;
}
