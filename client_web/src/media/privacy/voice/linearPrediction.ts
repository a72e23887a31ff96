/**
 * The mouth as a tube: from an autocorrelation to the reflections in a tube that sounds the same, and a tube that is
 * blown. A tube whose reflections are all below 1 cannot howl, whatever lies between two such tubes either.
 * Source: J. Makhoul, Linear Prediction: A Tutorial Review, 1975; J. Markel, A. Gray, Linear Prediction of Speech, 1976.
 */

/** So near to total reflection that a sound would never end. */
const MOST = 0.998;

/**
 * Levinson's and Durbin's recursion.
 *
 * @param correlation - one lag more than there are reflections.
 * @param reflections - takes them, each above -1 and below 1.
 * @returns the power of what has to be blown in, so that the sound has the power `correlation[0]`.
 */
export function findReflections(correlation: Float64Array, reflections: Float64Array): number {
  const order = reflections.length;
  const filter = new Float64Array(order + 1);
  const before = new Float64Array(order + 1);
  let error = correlation[0] ?? 0;
  reflections.fill(0);
  for (let i = 1; i <= order && error > 0; i++) {
    let sum = correlation[i] ?? 0;
    for (let j = 1; j < i; j++) sum += (filter[j] ?? 0) * (correlation[i - j] ?? 0);
    const k = Math.min(Math.max(-sum / error, -MOST), MOST);
    before.set(filter);
    for (let j = 1; j < i; j++) filter[j] = (before[j] ?? 0) + k * (before[i - j] ?? 0);
    filter[i] = k;
    reflections[i - 1] = k;
    error *= 1 - k * k;
  }
  return error;
}

/** A tube that is blown, sample by sample (an all-pole lattice). */
export class Tube {
  readonly #waves: Float64Array;

  /** @param order - how many reflections it has. */
  constructor(order: number) {
    this.#waves = new Float64Array(order + 1);
  }

  /** What comes out while `blown` goes in. */
  sound(blown: number, reflections: Float64Array): number {
    const waves = this.#waves;
    let forward = blown;
    for (let i = reflections.length; i >= 1; i--) {
      const k = reflections[i - 1] ?? 0;
      const back = waves[i - 1] ?? 0;
      forward -= k * back;
      waves[i] = back + k * forward;
    }
    waves[0] = forward;
    return forward;
  }

  /** Nothing sounds in it any more. */
  still(): void {
    this.#waves.fill(0);
  }
}
