/** The fast Fourier transform of real signals, as far as a voice is taken apart with it. Radix 2, nothing allocated. */

/** Of one size, a power of two. */
export class Fourier {
  readonly size: number;
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;
  readonly #reversed: Uint16Array;
  readonly #real: Float64Array;
  readonly #imaginary: Float64Array;

  constructor(size: number) {
    this.size = size;
    this.#cosines = Float64Array.from({ length: size / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / size));
    this.#sines = Float64Array.from({ length: size / 2 }, (_, k) => Math.sin((2 * Math.PI * k) / size));
    const bits = Math.log2(size);
    this.#reversed = Uint16Array.from({ length: size }, (_, k) => reverse(k, bits));
    this.#real = new Float64Array(size);
    this.#imaginary = new Float64Array(size);
  }

  /**
   * The power of each frequency from 0 to half of the rate.
   *
   * @param signal - at most `size` samples; the rest counts as zero.
   * @param power - takes size / 2 + 1 values: the squares of the transform's absolute values.
   */
  power(signal: Float64Array, power: Float64Array): void {
    this.#load((k) => signal[k] ?? 0);
    this.#transform();
    for (let k = 0; k < power.length; k++) {
      const [re, im] = [this.#real[k] ?? 0, this.#imaginary[k] ?? 0];
      power[k] = re * re + im * im;
    }
  }

  /**
   * The autocorrelation that belongs to a power spectrum (Wiener and Khinchin).
   *
   * @param power - as `power` gives it.
   * @param correlation - takes the first lags, as many as it has places for.
   */
  correlation(power: Float64Array, correlation: Float64Array): void {
    const { size } = this;
    this.#load((k) => power[k <= size / 2 ? k : size - k] ?? 0);
    this.#transform();
    for (let lag = 0; lag < correlation.length; lag++) correlation[lag] = (this.#real[lag] ?? 0) / size;
  }

  #load(value: (k: number) => number): void {
    for (let k = 0; k < this.size; k++) this.#real[this.#reversed[k] ?? 0] = value(k);
    this.#imaginary.fill(0);
  }

  #transform(): void {
    const [re, im] = [this.#real, this.#imaginary];
    for (let half = 1; half < this.size; half *= 2) {
      const step = this.size / (2 * half);
      for (let start = 0; start < this.size; start += 2 * half) {
        for (let k = 0; k < half; k++) {
          const [upper, lower] = [start + k, start + k + half];
          const [c, s] = [this.#cosines[k * step] ?? 0, this.#sines[k * step] ?? 0];
          const [a, b] = [re[lower] ?? 0, im[lower] ?? 0];
          const [turnedRe, turnedIm] = [a * c + b * s, b * c - a * s];
          const [upperRe, upperIm] = [re[upper] ?? 0, im[upper] ?? 0];
          re[lower] = upperRe - turnedRe;
          im[lower] = upperIm - turnedIm;
          re[upper] = upperRe + turnedRe;
          im[upper] = upperIm + turnedIm;
        }
      }
    }
  }
}

function reverse(k: number, bits: number): number {
  let reversed = 0;
  for (let bit = 0; bit < bits; bit++) reversed |= ((k >> bit) & 1) << (bits - 1 - bit);
  return reversed;
}
