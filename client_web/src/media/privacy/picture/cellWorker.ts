/** Takes the camera's pictures beside the page, and gives the page nothing but the cells of their mosaics. */

import { CellMaker, EVERY_MS } from './cells';
import { HEIGHT, WIDTH, type Cells } from './mosaic';

/** As much of this worker's scope as is used here. */
interface Scope {
  onmessage: ((message: MessageEvent<ReadableStream<VideoFrame>>) => void) | null;
  postMessage(cells: Cells): void;
}

const scope = self as unknown as Scope;

scope.onmessage = ({ data }) => {
  void take(data);
};

async function take(pictures: ReadableStream<VideoFrame>): Promise<void> {
  const drawing = new OffscreenCanvas(WIDTH, HEIGHT).getContext('2d', { willReadFrequently: true });
  if (drawing === null) return; // nothing is heard of this worker: the mask counts as stalled
  const maker = new CellMaker(drawing);
  const reader = pictures.getReader();
  let nextAt = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    const picture = read.value;
    if (performance.now() >= nextAt) {
      nextAt = performance.now() + EVERY_MS;
      scope.postMessage(maker.cellsOf(picture, { width: picture.displayWidth, height: picture.displayHeight }));
    }
    picture.close();
  }
}
