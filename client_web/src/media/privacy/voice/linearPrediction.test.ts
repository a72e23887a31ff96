import { describe, expect, it } from 'vitest';

import { seeded } from '../testWorld/vowels';
import { findReflections, Tube } from './linearPrediction';

describe('findReflections', () => {
  it('finds the one reflection of a sound that follows from its last sample', () => {
    const reflections = new Float64Array(3);

    const error = findReflections(Float64Array.of(1, 0.8, 0.64, 0.512), reflections);

    expect(Array.from(reflections, (k) => Math.round(1000 * k) / 1000 + 0)).toEqual([-0.8, 0, 0]);
    expect(error).toBeCloseTo(1 - 0.64);
  });

  it('finds nothing in silence', () => {
    const reflections = new Float64Array(3);

    expect(findReflections(new Float64Array(4), reflections)).toBe(0);
    expect([...reflections]).toEqual([0, 0, 0]);
  });
});

describe('Tube', () => {
  it('sounds like the filter that its reflections stand for', () => {
    const tube = new Tube(1);

    expect([1, 0, 0].map((blown) => tube.sound(blown, Float64Array.of(-0.5)))).toEqual([1, 0.5, 0.25]);
  });

  it('falls silent after any blow, whatever its reflections become', () => {
    const random = seeded(5);
    const tube = new Tube(8);
    tube.sound(
      1,
      Float64Array.from({ length: 8 }, () => 0),
    );
    let last = 0;

    for (let n = 0; n < 20_000; n++) {
      last = tube.sound(
        0,
        Float64Array.from({ length: 8 }, () => 1.8 * random() - 0.9),
      );
    }

    expect(Math.abs(last)).toBeLessThan(1e-9);
  });
});
