import { describe, expect, it } from 'vitest';

import { AH, seeded, vowel } from '../testWorld/vowels';
import { Fourier } from './fourier';
import { PitchFinder } from './pitch';

const RATE = 16_000;
const FRAME = 512;
const WINDOW = Float64Array.from({ length: FRAME }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / FRAME));

function found(sound: Float32Array) {
  const fourier = new Fourier(2 * FRAME);
  const power = new Float64Array(FRAME + 1);
  fourier.power(
    WINDOW.map((weight, n) => weight * (sound[n] ?? 0)),
    power,
  );
  return new PitchFinder(RATE, fourier, WINDOW).find(power);
}

describe('PitchFinder', () => {
  it.each([66, 90, 120, 180, 250, 330])('finds a voice of %d Hz', (pitch) => {
    const { hertz, voicing } = found(vowel(pitch, AH, 0.2, RATE).subarray(RATE / 10));

    expect(Math.abs(hertz / pitch - 1)).toBeLessThan(0.03);
    expect(voicing).toBeGreaterThan(0.8);
  });

  it('hears no voice in a noise', () => {
    const random = seeded(4);

    expect(found(Float32Array.from({ length: FRAME }, () => random() - 0.5)).voicing).toBeLessThan(0.5);
  });
});
