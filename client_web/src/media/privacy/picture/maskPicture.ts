/** The camera as a mosaic. What others get is painted here from cells, or black: no picture of the camera comes near it. */

import type { BeginMask } from '../mask';
import { black, paint, SENT_HEIGHT, SENT_WIDTH, type Pixels } from './painting';
import { readCells } from './readCells';

export const maskPicture: BeginMask = (bare, listener) => {
  const canvas = Object.assign(document.createElement('canvas'), { width: SENT_WIDTH, height: SENT_HEIGHT });
  const painting = canvas.getContext('2d');
  const stream = canvas.captureStream();
  const [track] = stream.getVideoTracks();
  if (painting === null || track === undefined) throw new TypeError('This browser paints no pictures.');

  const show = (pixels: Pixels): void => {
    painting.putImageData(new ImageData(pixels, SENT_WIDTH), 0, 0);
  };
  show(black());
  const own = bare.clone(); // so that it can be let go: a worker's end alone would hold on to the camera
  const end = readCells(own, {
    came: (cells) => {
      show(paint(cells));
      listener.alive();
    },
    failed: listener.failed,
  });
  return {
    track,
    stream,
    hide: () => {
      show(black());
    },
    end: () => {
      end();
      track.stop();
    },
  };
};
