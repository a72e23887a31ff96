import { describe, expect, it } from 'vitest';

import { AH, EE, pitchOf, rms, seeded, strongest, vowel } from '../testWorld/vowels';
import type { Disguise } from './disguise';
import { VOICE_BLOCK, VOICE_RATE, VoiceMask } from './voiceMask';

const SMALLER: Disguise = {
  pitch: 190,
  moves: [
    [800, 950],
    [2400, 2850],
  ],
};
const LARGER: Disguise = {
  pitch: 125,
  moves: [
    [800, 670],
    [2400, 2000],
  ],
};

function changed(own: Float32Array, disguise: Disguise): Float32Array {
  const mask = new VoiceMask(disguise, seeded(1));
  const other = new Float32Array(own.length);
  for (let at = 0; at + VOICE_BLOCK <= own.length; at += VOICE_BLOCK) {
    mask.process(own.subarray(at, at + VOICE_BLOCK), other.subarray(at, at + VOICE_BLOCK));
  }
  return other;
}

/** Without the beginning, in which the voice is only being found. */
function steady(sound: Float32Array): Float32Array {
  return sound.subarray(VOICE_RATE / 4);
}

function noise(seconds: number, loudness: number): Float32Array {
  const random = seeded(7);
  return Float32Array.from({ length: seconds * VOICE_RATE }, () => loudness * (2 * random() - 1));
}

describe('a changed voice', () => {
  it.each([
    [95, AH, SMALLER],
    [130, EE, SMALLER],
    [220, AH, SMALLER],
    [260, EE, SMALLER],
    [95, EE, LARGER],
    [220, AH, LARGER],
  ])('lies at the same pitch, whoever speaks: %d Hz', (pitch, formants, disguise) => {
    const other = steady(changed(vowel(pitch, formants, 1, VOICE_RATE), disguise));

    expect(pitchOf(other, VOICE_RATE) / disguise.pitch).toBeCloseTo(1, 1.5);
  });

  // A formant is found between two harmonics: at a low pitch these are near each other.
  it.each([
    [110, SMALLER, 867, 1401],
    [150, SMALLER, 867, 1401],
    [110, LARGER, 611, 994],
    [150, LARGER, 611, 994],
  ])('has its first formants elsewhere: %d Hz', (pitch, disguise, first, second) => {
    const other = steady(changed(vowel(pitch, AH, 1.2, VOICE_RATE), { ...disguise, pitch: 90 }));

    const between = (first + second) / 2;
    expect(Math.abs(strongest(other, first - 250, between, VOICE_RATE) - first)).toBeLessThan(60);
    expect(Math.abs(strongest(other, between, second + 350, VOICE_RATE) - second)).toBeLessThan(90);
  });

  it('rises where the own voice rises, and stays there as long as it does', () => {
    const low = vowel(120, AH, 3, VOICE_RATE);
    const high = vowel(150, AH, 2, VOICE_RATE);

    const other = changed(Float32Array.from([...low, ...high]), SMALLER);

    const heard = (from: number) => pitchOf(other.subarray(from * VOICE_RATE, (from + 0.2) * VOICE_RATE), VOICE_RATE);
    const before = heard(2.7);
    for (const moment of [3.1, 4.7]) {
      expect(heard(moment) / before).toBeGreaterThan(1.1);
      expect(heard(moment) / before).toBeLessThan(1.25);
    }
  });

  it('is as loud as the own one', () => {
    const own = vowel(120, AH, 1, VOICE_RATE, 0.5);

    expect(Math.abs(20 * Math.log10(rms(steady(changed(own, SMALLER))) / rms(steady(own))))).toBeLessThan(3);
  });

  it('is breath where the own one is breath', () => {
    const other = steady(changed(noise(1, 0.2), SMALLER));

    const half = other.length / 2;
    const [first, second] = [other.subarray(0, half), other.subarray(half)];
    const both = first.reduce((sum, sample, n) => sum + sample * (second[n] ?? 0), 0);
    expect(Math.abs(both / (half * rms(first) * rms(second)))).toBeLessThan(0.1);
    expect(rms(other) / rms(noise(1, 0.2))).toBeCloseTo(1, 0.5);
  });

  it('is silence where nothing is said, before and after a word', () => {
    const word = vowel(120, AH, 0.3, VOICE_RATE);
    const pause = VOICE_RATE / 2;
    const own = Float32Array.from([...new Float32Array(pause), ...word, ...new Float32Array(pause)]);

    const other = changed(own, SMALLER);

    expect(rms(other.subarray(0, pause))).toBe(0);
    expect(rms(other.subarray(pause, pause + word.length))).toBeGreaterThan(0.01);
    expect(rms(other.subarray(-pause / 2))).toBe(0);
  });

  it('never reaches the full scale, however loud the own one is', () => {
    const loud = vowel(120, AH, 0.5, VOICE_RATE, 1).map((sample) => Math.max(-1, Math.min(1, 40 * sample)));

    for (const own of [loud, noise(0.5, 1)]) {
      for (const disguise of [SMALLER, LARGER]) {
        const most = changed(own, disguise).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
        expect(most).toBeGreaterThan(0.5);
        expect(most).toBeLessThan(1);
      }
    }
  });
});
