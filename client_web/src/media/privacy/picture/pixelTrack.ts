/** Two ways from pixels to a track: as frames, where the browser takes them, else by a canvas, which rests on a hidden page. */

import { SENT_HEIGHT, SENT_WIDTH, type Pixels } from './painting';

/** A track that shows what it is given. */
export interface PixelTrack {
  readonly track: MediaStreamTrack;
  /**
   * The next picture, SENT_WIDTH by SENT_HEIGHT.
   *
   * @returns whether it got into the track.
   */
  readonly show: (pixels: Pixels) => Promise<boolean>;
}

/** Takes frames from a page, hidden or not; in Chromium. Source: W3C mediacapture-transform, as of 2021. */
export type TrackGenerator = new (init: { kind: 'video' }) => MediaStreamTrack & {
  readonly writable: WritableStream<VideoFrame>;
};

export function pixelTrack(): PixelTrack {
  const { MediaStreamTrackGenerator: Generator } = window as { MediaStreamTrackGenerator?: TrackGenerator };
  return Generator === undefined ? byCanvas() : byFrames(new Generator({ kind: 'video' }));
}

function byFrames(track: InstanceType<TrackGenerator>): PixelTrack {
  const writer = track.writable.getWriter();
  return {
    track,
    show: async (pixels) => {
      const timestamp = Math.round(1000 * performance.now());
      const size = { codedWidth: SENT_WIDTH, codedHeight: SENT_HEIGHT };
      const frame = new VideoFrame(pixels, { format: 'RGBX', timestamp, ...size });
      try {
        await writer.write(frame);
        return true;
      } catch {
        frame.close(); // the track is over
        return false;
      }
    },
  };
}

function byCanvas(): PixelTrack {
  const canvas = Object.assign(document.createElement('canvas'), { width: SENT_WIDTH, height: SENT_HEIGHT });
  const painting = canvas.getContext('2d');
  const [track] = canvas.captureStream().getVideoTracks();
  if (painting === null || track === undefined) throw new TypeError('This browser paints no pictures.');
  return {
    track,
    show: (pixels) => {
      painting.putImageData(new ImageData(pixels, SENT_WIDTH), 0, 0);
      return Promise.resolve(document.visibilityState === 'visible');
    },
  };
}
