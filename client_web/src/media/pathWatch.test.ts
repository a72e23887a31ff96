import { describe, expect, it } from 'vitest';

import { PathWatch, SILENT_AFTER_MS } from './pathWatch';

const LOOK_MS = 400;

/** What a watch says to each look, when so many octets come between two of them. */
function looks(came: readonly number[]): boolean[] {
  const watch = new PathWatch();
  let octets = 0;
  return came.map((more, place) => watch.observe((octets += more), place * LOOK_MS));
}

/** The looks at which a silence was told. */
function toldAt(came: readonly number[]): number[] {
  return looks(came).flatMap((isTold, place) => (isTold ? [place] : []));
}

const PICTURE = Array<number>(5).fill(20_000);

describe('PathWatch', () => {
  it('notes at the second empty look that a picture comes no more, and says it once', () => {
    expect(toldAt([...PICTURE, ...Array<number>(20).fill(0)])).toEqual([6]);
  });

  it('notes every silence anew', () => {
    expect(toldAt([...PICTURE, 0, 0, 0, ...PICTURE, 500, ...PICTURE, 0, 0])).toEqual([6, 20]);
  });

  it.each([
    ['one look', [...PICTURE, 0, ...PICTURE, 0, ...PICTURE]],
    ['reports alone', [100, 0, 0, 100, 0, 100, 0, 0, 100, 0, 0]],
    ['sound that falls silent', [2000, 2000, 2000, 2000, 2000, 300, 0, 0, 100, 0, 0, 100]],
    ['a connection that is still being built', Array<number>(20).fill(0)],
  ])('holds %s for no silence', (_, came) => {
    expect(toldAt(came)).toEqual([]);
  });

  it('waits for reports where nothing else comes', () => {
    const patience = Math.ceil(SILENT_AFTER_MS / LOOK_MS);

    expect(toldAt([100, ...Array<number>(20).fill(0)])).toEqual([patience]);
  });

  it('is in doubt between the first empty look and the next', () => {
    const watch = new PathWatch();
    const doubts = [...PICTURE, 0, 0, 0].map((more, place) => {
      watch.observe(place < 5 ? (place + 1) * more : 100_000, place * LOOK_MS);
      return watch.isInDoubt;
    });

    expect(doubts).toEqual([false, false, false, false, false, true, false, false]);
  });
});
