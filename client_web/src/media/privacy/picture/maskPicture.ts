/** The camera as a mosaic. What others get is painted here from cells, or black: no picture of the camera comes near it. */

import type { BeginMask } from '../mask';
import { black, paint } from './painting';
import { pixelTrack } from './pixelTrack';
import { readCells } from './readCells';

/** Until the first mosaic, black is shown anew so often: who comes meanwhile gets a picture too. */
const BLACK_EVERY_MS = 500;

export const maskPicture: BeginMask = (bare, listener) => {
  const { track, show } = pixelTrack();
  const hide = (): void => {
    void show(black());
    track.enabled = false; // black, even where nothing is painted
  };
  hide();
  const waiting = setInterval(hide, BLACK_EVERY_MS);
  const own = bare.clone(); // so that it can be let go: a worker's end alone would hold on to the camera
  const end = readCells(own, {
    came: (cells) => {
      void show(paint(cells)).then((isShown) => {
        if (!isShown) return; // it counts as stalled
        clearInterval(waiting);
        track.enabled = true;
        listener.alive();
      });
    },
    failed: listener.failed,
  });
  return {
    track,
    stream: new MediaStream([track]),
    hide,
    end: () => {
      clearInterval(waiting);
      end();
      track.stop();
    },
  };
};
