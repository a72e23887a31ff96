import { afterEach, expect, it, vi } from 'vitest';

import { black, SENT_HEIGHT, SENT_WIDTH } from './painting';
import { pixelTrack } from './pixelTrack';

/** Frames as the browser would take them. */
class Frame {
  static open = 0;
  readonly init: unknown;

  constructor(_: unknown, init: unknown) {
    this.init = init;
    Frame.open++;
  }

  close(): void {
    Frame.open--;
  }
}

class Generator {
  static taken: Frame[] = [];
  static isOver = false;
  readonly writable = new WritableStream<Frame>({
    write: (frame) => {
      if (Generator.isOver) throw new TypeError('The track is over.');
      Generator.taken.push(frame);
      frame.close();
    },
  });
}

/** Pixels as a canvas would take them. */
class Picture {
  readonly data: Uint8ClampedArray;

  constructor(data: Uint8ClampedArray) {
    this.data = data;
  }
}

afterEach(() => {
  vi.unstubAllGlobals();
});

it('hands pictures over as frames, and tells when one has not got into the track', async () => {
  vi.stubGlobal('window', { MediaStreamTrackGenerator: Generator });
  vi.stubGlobal('VideoFrame', Frame);
  const { show } = pixelTrack();

  expect(await show(black())).toBe(true);
  Generator.isOver = true;
  expect(await show(black())).toBe(false);

  const size = { codedWidth: SENT_WIDTH, codedHeight: SENT_HEIGHT };
  expect(Generator.taken.map(({ init }) => init)).toEqual([expect.objectContaining({ format: 'RGBX', ...size })]);
  expect(Frame.open).toBe(0);
});

it('paints on a canvas where the browser takes no frames, which counts only on a page that is shown', async () => {
  const painted: Uint8ClampedArray[] = [];
  const track = {};
  const canvas = {
    getContext: () => ({ putImageData: ({ data }: Pick<ImageData, 'data'>) => painted.push(data) }),
    captureStream: () => ({ getVideoTracks: () => [track] }),
  };
  const page = { createElement: () => canvas, visibilityState: 'visible' };
  vi.stubGlobal('window', {});
  vi.stubGlobal('document', page);
  vi.stubGlobal('ImageData', Picture);

  const made = pixelTrack();
  const expected = black();

  expect(made.track).toBe(track);
  expect(await made.show(black())).toBe(true);
  page.visibilityState = 'hidden';
  expect(await made.show(black())).toBe(false);
  expect(painted.map((data) => data.every((octet, at) => octet === expected[at]))).toEqual([true, true]);
  expect(canvas).toMatchObject({ width: SENT_WIDTH, height: SENT_HEIGHT });
});
