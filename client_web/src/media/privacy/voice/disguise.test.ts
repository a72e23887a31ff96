import { describe, expect, it } from 'vitest';

import { seeded } from '../testWorld/vowels';
import { drawDisguise, moved, unmoved } from './disguise';

const TOP = 8000;

describe('drawDisguise', () => {
  it('moves every formant by an eighth or more, all to the same side, and keeps their order', () => {
    const random = seeded(1);

    for (let n = 0; n < 200; n++) {
      const { pitch, moves } = drawDisguise(random);
      const shares = moves.map(([from, to]) => to / from);
      expect(shares.every((share) => share >= 1.125) || shares.every((share) => share <= 0.875)).toBe(true);
      expect(moves.every(([, to], n) => to > (moves[n - 1]?.[1] ?? 0) && to < TOP)).toBe(true);
      expect(pitch).toBeGreaterThanOrEqual(115);
      expect(pitch).toBeLessThan(215);
    }
  });
});

describe('moved', () => {
  it('goes there and back, and leaves the ends', () => {
    const { moves } = drawDisguise(seeded(2));

    expect([moved(0, moves, TOP), moved(TOP, moves, TOP)]).toEqual([0, TOP]);
    for (const hertz of [100, 800, 1500, 2400, 5000]) {
      expect(unmoved(moved(hertz, moves, TOP), moves, TOP)).toBeCloseTo(hertz);
    }
  });
});
