/** From a picture of a camera to the cells of its mosaic, on a small canvas that nobody sees. */

import { HEIGHT, Mosaic, WIDTH, type Cells } from './mosaic';

/** Between two mosaics; a little less than a tenth of a second, as pictures come a little early or late. */
export const EVERY_MS = 90;

/** A picture's own size. */
interface Size {
  readonly width: number;
  readonly height: number;
}

export class CellMaker {
  readonly #mosaic = new Mosaic();
  readonly #drawing: CanvasDrawImage & CanvasImageData & CanvasRect & CanvasImageSmoothing;

  /** @param drawing - of a canvas of WIDTH by HEIGHT. */
  constructor(drawing: CanvasDrawImage & CanvasImageData & CanvasRect & CanvasImageSmoothing) {
    this.#drawing = drawing;
    drawing.imageSmoothingQuality = 'medium';
  }

  /** The cells of a whole picture; one that is narrower or wider than the mosaic keeps its shape. */
  cellsOf(picture: CanvasImageSource, { width, height }: Size): Cells {
    const scale = Math.min(WIDTH / width, HEIGHT / height);
    const [across, down] = [width * scale, height * scale];
    this.#drawing.clearRect(0, 0, WIDTH, HEIGHT);
    this.#drawing.drawImage(picture, (WIDTH - across) / 2, (HEIGHT - down) / 2, across, down);
    return this.#mosaic.next(this.#drawing.getImageData(0, 0, WIDTH, HEIGHT).data);
  }
}
