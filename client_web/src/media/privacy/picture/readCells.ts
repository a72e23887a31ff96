/** Two ways to the cells of a camera's mosaics: in a worker, where the browser hands pictures over, else on the page. */

import { CellMaker, EVERY_MS } from './cells';
import CellWorker from './cellWorker?worker';
import { HEIGHT, WIDTH, type Cells } from './mosaic';

/** What comes of a camera; both may be called until the reading is ended. */
export interface CellsListener {
  readonly came: (cells: Cells) => void;
  readonly failed: () => void;
}

/** Hands over the pictures of a track; in Chromium. Source: W3C mediacapture-transform. */
type TrackProcessor = new (init: { track: MediaStreamTrack; maxBufferSize: number }) => {
  readonly readable: ReadableStream<VideoFrame>;
};

/**
 * Reads a camera until that is ended.
 *
 * @param camera - is stopped at the end.
 */
export function readCells(camera: MediaStreamTrack, listener: CellsListener): () => void {
  const { MediaStreamTrackProcessor: Processor } = window as { MediaStreamTrackProcessor?: TrackProcessor };
  return Processor === undefined
    ? readOnPage(camera, listener)
    : readInWorker(camera, new Processor({ track: camera, maxBufferSize: 1 }), listener);
}

function readInWorker(
  camera: MediaStreamTrack,
  { readable }: { readonly readable: ReadableStream<VideoFrame> },
  { came, failed }: CellsListener,
): () => void {
  const worker = new CellWorker();
  worker.onmessage = ({ data }: MessageEvent<Cells>) => {
    came(data);
  };
  worker.onerror = failed;
  worker.postMessage(readable, [readable]);
  return () => {
    worker.terminate();
    camera.stop();
  };
}

/** A page that is hidden is told of no pictures: its mask stalls, and others see black. */
function readOnPage(camera: MediaStreamTrack, { came, failed }: CellsListener): () => void {
  const video = document.createElement('video');
  const canvas = Object.assign(document.createElement('canvas'), { width: WIDTH, height: HEIGHT });
  const drawing = canvas.getContext('2d', { willReadFrequently: true });
  if (drawing === null || !('requestVideoFrameCallback' in video)) {
    failed();
    return () => {
      camera.stop();
    };
  }
  const maker = new CellMaker(drawing);
  let asked = 0;
  let nextAt = 0;
  const take: VideoFrameRequestCallback = (now) => {
    if (now >= nextAt) {
      nextAt = now + EVERY_MS;
      came(maker.cellsOf(video, { width: video.videoWidth, height: video.videoHeight }));
    }
    asked = video.requestVideoFrameCallback(take);
  };
  Object.assign(video, { muted: true, playsInline: true, srcObject: new MediaStream([camera]) });
  asked = video.requestVideoFrameCallback(take);
  void video.play().catch(failed);
  return () => {
    video.cancelVideoFrameCallback(asked);
    video.srcObject = null;
    camera.stop();
  };
}
