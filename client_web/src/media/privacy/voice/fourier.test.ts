import { describe, expect, it } from 'vitest';

import { seeded } from '../testWorld/vowels';
import { Fourier } from './fourier';

const SIZE = 64;

describe('Fourier', () => {
  it('finds a cosine at its frequency and nowhere else', () => {
    const power = new Float64Array(SIZE / 2 + 1);

    new Fourier(SIZE).power(
      Float64Array.from({ length: SIZE }, (_, n) => Math.cos((2 * Math.PI * 5 * n) / SIZE)),
      power,
    );

    expect(Array.from(power, (value) => Math.round(value))).toEqual(
      Array.from({ length: SIZE / 2 + 1 }, (_, k) => (k === 5 ? (SIZE / 2) ** 2 : 0)),
    );
  });

  it('gives the autocorrelation of a signal', () => {
    const random = seeded(3);
    const signal = Float64Array.from({ length: SIZE / 2 }, () => random() - 0.5);
    const [power, found] = [new Float64Array(SIZE / 2 + 1), new Float64Array(4)];
    const fourier = new Fourier(SIZE);

    fourier.power(signal, power);
    fourier.correlation(power, found);

    found.forEach((value, lag) => {
      const wanted = signal.reduce((sum, sample, n) => sum + sample * (signal[n + lag] ?? 0), 0);
      expect(value).toBeCloseTo(wanted, 9);
    });
  });
});
