/**
 * How high a voice is just now, and how surely it is a voice: the lag at which the sound is most like itself.
 * Source: P. Boersma, Accurate short-term analysis of the fundamental frequency, 1993 (window, costs of jumps).
 */

import { Fourier } from './fourier';

/** Hertz; voices of grown people, talking, deep and creaky ones too. */
const LOWEST = 60;
const HIGHEST = 400;

/** Above this a voice is rather its formants than its pitch. */
const BAND = 1300;

/** A longer lag, an octave below, has to be so much better. */
const OCTAVE_COST = 0.03;
/** And so has a jump of an octave against the moment before. */
const JUMP_COST = 0.12;

/** As alike as this: no voice at all, and surely one. */
const UNVOICED_BELOW = 0.4;
const VOICED_FROM = 0.75;

/** What is found in one frame. */
export interface Pitch {
  /** Of the fundamental; as it was last where there is no voice. */
  readonly hertz: number;
  /** From 0, a noise, to 1, a voice. */
  readonly voicing: number;
}

export class PitchFinder {
  readonly #rate: number;
  readonly #fourier: Fourier;
  readonly #band: Float64Array;
  readonly #correlation: Float64Array;
  /** Of the window with itself, so that a longer lag is not at a disadvantage. */
  readonly #fade: Float64Array;
  readonly #shortest: number;
  #last: Pitch = { hertz: 0, voicing: 0 };

  /** @param window - by which the frames are weighted that the spectra are of. */
  constructor(rate: number, fourier: Fourier, window: Float64Array) {
    this.#rate = rate;
    this.#fourier = fourier;
    this.#shortest = Math.floor(rate / HIGHEST);
    const lags = Math.ceil(rate / LOWEST) + 2;
    const spectrum = new Float64Array(fourier.size / 2 + 1);
    this.#band = new Float64Array(spectrum.length);
    this.#correlation = new Float64Array(lags);
    this.#fade = new Float64Array(lags);
    fourier.power(window, spectrum);
    fourier.correlation(spectrum, this.#fade);
  }

  /** The pitch of a frame. */
  find(power: Float64Array): Pitch {
    this.#correlate(power);
    let best = { score: -Infinity, lag: 0, likeness: 0 };
    for (let lag = this.#shortest; lag < this.#correlation.length - 1; lag++) {
      const likeness = this.#likeness(lag);
      if (likeness < UNVOICED_BELOW || likeness < this.#likeness(lag - 1) || likeness < this.#likeness(lag + 1))
        continue;
      const score = likeness - this.#cost(this.#rate / lag);
      if (score > best.score) best = { score, lag, likeness };
    }
    const voicing = (best.likeness - UNVOICED_BELOW) / (VOICED_FROM - UNVOICED_BELOW);
    this.#last =
      best.lag === 0
        ? { hertz: this.#last.hertz, voicing: 0 }
        : { hertz: this.#rate / this.#exactly(best.lag), voicing: Math.min(Math.max(voicing, 0), 1) };
    return this.#last;
  }

  #correlate(power: Float64Array): void {
    const bin = this.#rate / this.#fourier.size;
    for (let k = 0; k < power.length; k++) {
      const place = (k * bin) / BAND;
      this.#band[k] = place >= 1 ? 0 : (power[k] ?? 0) * (0.5 + 0.5 * Math.cos(Math.PI * place));
    }
    this.#fourier.correlation(this.#band, this.#correlation);
  }

  /** From -1 to about 1. */
  #likeness(lag: number): number {
    const [whole, fade] = [this.#correlation[0] ?? 0, this.#fade[lag] ?? 0];
    if (whole <= 0 || fade <= 0) return 0;
    return ((this.#correlation[lag] ?? 0) * (this.#fade[0] ?? 0)) / (whole * fade);
  }

  #cost(hertz: number): number {
    const low = OCTAVE_COST * Math.log2(HIGHEST / hertz);
    const { hertz: before, voicing } = this.#last;
    return voicing === 0 ? low : low + JUMP_COST * Math.abs(Math.log2(hertz / before));
  }

  /** Between two lags: where the parabola through three of them is highest. */
  #exactly(lag: number): number {
    const [left, middle, right] = [this.#likeness(lag - 1), this.#likeness(lag), this.#likeness(lag + 1)];
    const bend = left - 2 * middle + right;
    return bend === 0 ? lag : lag + (left - right) / (2 * bend);
  }
}
