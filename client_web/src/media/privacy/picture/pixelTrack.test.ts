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
