/** Vowels made of pulses and resonances, and what is heard of a voice: its pitch and its formants. */

/** A resonance of the mouth, in hertz. */
export type Formant = readonly [hertz: number, width: number];

/** About as in "a" of a grown person. */
export const AH: readonly Formant[] = [
  [730, 90],
  [1190, 110],
  [2440, 170],
  [3500, 250],
];
/** About as in "i". */
export const EE: readonly Formant[] = [
  [300, 60],
  [2250, 120],
  [2950, 180],
  [3700, 250],
];

/** A vowel at a steady pitch, its loudest sample at `loudness`. */
export function vowel(pitch: number, formants: readonly Formant[], seconds: number, rate: number, loudness = 0.5) {
  let phase = 0;
  let sound = Float64Array.from({ length: Math.round(seconds * rate) }, () => {
    phase += pitch / rate;
    if (phase < 1) return 0;
    phase -= 1;
    return 1;
  });
  for (const [hertz, width] of formants) sound = resonate(sound, hertz, width, rate);
  const loudest = sound.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return Float32Array.from(sound, (sample) => (sample * loudness) / loudest);
}

function resonate(sound: Float64Array, hertz: number, width: number, rate: number) {
  const radius = Math.exp((-Math.PI * width) / rate);
  const [a, b] = [2 * radius * Math.cos((2 * Math.PI * hertz) / rate), -radius * radius];
  let [one, two] = [0, 0];
  return sound.map((sample) => {
    const next = sample + a * one + b * two;
    [one, two] = [next, one];
    return next;
  });
}

/** The pitch of a steady sound, in hertz, by its likeness to itself. */
export function pitchOf(sound: Float32Array, rate: number): number {
  const likeness = (lag: number) => {
    let [both, here, there] = [0, 0, 0];
    for (let n = lag; n < sound.length; n++) {
      const [a, b] = [sound[n] ?? 0, sound[n - lag] ?? 0];
      both += a * b;
      here += a * a;
      there += b * b;
    }
    return both / Math.sqrt(here * there);
  };
  const lags = Array.from(
    { length: Math.round(rate / 70) - Math.round(rate / 400) },
    (_, n) => n + Math.round(rate / 400),
  );
  const found = lags.map(likeness);
  const most = Math.max(...found);
  return rate / (lags.find((_, n) => (found[n] ?? 0) > 0.9 * most && (found[n] ?? 0) >= (found[n + 1] ?? 0)) ?? NaN);
}

/** How strong a sound is around a frequency, in decibels: the mean over a harmonic's width of 20 frames of 64 ms. */
export function strengthAt(sound: Float32Array, hertz: number, rate: number): number {
  const frame = 1024;
  const frames = Math.floor(sound.length / frame);
  let power = 0;
  for (let start = 0; start < frames * frame; start += frame) {
    for (let offset = -100; offset <= 100; offset += 12.5) {
      let [re, im] = [0, 0];
      for (let n = 0; n < frame; n++) {
        const w = 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / frame);
        const turn = (2 * Math.PI * (hertz + offset) * n) / rate;
        re += w * (sound[start + n] ?? 0) * Math.cos(turn);
        im += w * (sound[start + n] ?? 0) * Math.sin(turn);
      }
      power += re * re + im * im;
    }
  }
  return 10 * Math.log10(power / frames);
}

/** The frequency near which a sound is strongest between two others, in hertz. */
export function strongest(sound: Float32Array, from: number, to: number, rate: number): number {
  let best = { hertz: from, strength: -Infinity };
  for (let hertz = from; hertz <= to; hertz += 20) {
    const strength = strengthAt(sound, hertz, rate);
    if (strength > best.strength) best = { hertz, strength };
  }
  return best.hertz;
}

export function rms(sound: Float32Array): number {
  return Math.sqrt(sound.reduce((sum, sample) => sum + sample * sample, 0) / sound.length);
}

/** Numbers from 0 up to 1, the same ones every time. Source: mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
