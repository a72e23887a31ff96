/**
 * Says with another voice what is said: pure, block by block, at 16 kHz.
 *
 * The own voice is taken apart every 8 ms into how loud it is, how voiced, how high against its own middle, and what
 * the mouth does (the envelope of the spectrum). Nothing else goes on. A new voice is made of these: pulses and noise of
 * our own (so nothing of the own larynx is in it), at a pitch that is the same whoever speaks, through a tube whose
 * formants lie elsewhere. Rising and falling stays, so that Mandarin's tones are heard; so do words, speed and pauses.
 *
 * What is lost for good: the own pitch, the larynx, everything above 8 kHz, fine detail. What it does not withstand:
 * somebody who knows the person and listens to words, speed and manner of speaking; a machine that compares these with
 * recordings, or that guesses how the formants were moved (a few numbers) and looks which of few people fits best.
 * Source: the channel vocoder (H. Dudley, 1939); smoothing by the width of a harmonic as in M. Morise, CheapTrick, 2015.
 */

import { unmoved, type Disguise } from './disguise';
import { Fourier } from './fourier';
import { findReflections, Tube } from './linearPrediction';
import { PitchFinder, type Pitch } from './pitch';

/** Samples a second, in and out. */
export const VOICE_RATE = 16_000;
/** Samples of a block: as much as a browser hands over at once. */
export const VOICE_BLOCK = 128;

/** What is looked at together: 32 ms. */
const FRAME = 512;
const SIZE = 1024;
const BINS = SIZE / 2 + 1;
const BIN_HERTZ = VOICE_RATE / SIZE;
const ORDER = 18;
/** Frequencies below the lowest and above the highest, so that a mean can be taken around every one: half a harmonic. */
const MARGIN = 16;

/** Quieter than this, as a mean square, is silence: -80 dB of the full scale. */
const SILENCE = 1e-8;
/** What sounds on below this is nothing. */
const STILL = 1e-6;

/** Speech falls with the frequency; the tube is looked for in what has been levelled. */
const EMPHASIS = 0.9;
/** Even the clearest voice has some breath in it. */
const CLEAREST = 0.97;
/** Hertz over which a noise is smoothed. */
const NOISE_WIDTH = 200;
/** How fast the middle of the own pitch is followed, in voiced blocks: ten seconds, so that it follows no sentence. */
const MIDDLE_BLOCKS = 1250;
/** How much of the rising and falling stays. */
const MELODY = 0.9;
/** Samples for which the tube stays as it is. */
const STEP = 16;
/** Above this, the voice is bent so that it never reaches the full scale. */
const BEND_FROM = 0.8;

export class VoiceMask {
  readonly #pitch: number;
  readonly #random: () => number;
  readonly #fourier = new Fourier(SIZE);
  readonly #window = Float64Array.from({ length: FRAME }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / FRAME));
  readonly #weight = 1 / this.#window.reduce((sum, w) => sum + w * w, 0);
  readonly #finder = new PitchFinder(VOICE_RATE, this.#fourier, this.#window);
  /** For each frequency of the new voice, the place in the own spectrum where it is taken from. */
  readonly #sources: Float64Array;
  readonly #emphasis = Float64Array.from({ length: BINS }, (_, k) => levelling(k));
  readonly #heard = new Float64Array(FRAME);
  readonly #weighted = new Float64Array(FRAME);
  readonly #power = new Float64Array(BINS);
  readonly #sums = new Float64Array(BINS + 2 * MARGIN);
  readonly #envelope = new Float64Array(BINS);
  readonly #correlation = new Float64Array(ORDER + 1);
  readonly #tube = new Tube(ORDER);
  readonly #from = new Float64Array(ORDER);
  readonly #to = new Float64Array(ORDER);
  readonly #now = new Float64Array(ORDER);
  #gain = 0;
  #middle = 0;
  #voicedBlocks = 0;
  /** Of the new voice, from 0 to 1 between two pulses. */
  #phase = 0;
  #carry = 0;
  #last = 0;

  /** @param random - from 0 up to 1: the breath of the new voice. */
  constructor({ pitch, moves }: Disguise, random: () => number) {
    this.#pitch = pitch;
    this.#random = random;
    const top = VOICE_RATE / 2;
    this.#sources = Float64Array.from({ length: BINS }, (_, k) => unmoved(k * BIN_HERTZ, moves, top) / BIN_HERTZ);
  }

  /** Takes a block of the own voice, gives one of the new voice; both of `VOICE_BLOCK` samples, -1 to 1. */
  process(own: Float32Array, other: Float32Array): void {
    this.#heard.copyWithin(0, VOICE_BLOCK);
    this.#heard.set(own, FRAME - VOICE_BLOCK);
    const power = this.#analyse();
    this.#from.set(this.#to);
    const gainBefore = this.#gain;
    if (power < SILENCE) {
      this.#gain = 0;
      this.#speak(other, { hertz: this.#pitch, voicing: 0 }, gainBefore);
      return;
    }
    const pitch = this.#finder.find(this.#power);
    this.#gain = this.#shapeTube(pitch);
    this.#speak(other, { hertz: this.#follow(pitch), voicing: pitch.voicing }, gainBefore);
  }

  /** The spectrum of what was heard last; its mean square. */
  #analyse(): number {
    for (let n = 0; n < FRAME; n++) this.#weighted[n] = (this.#heard[n] ?? 0) * (this.#window[n] ?? 0);
    this.#fourier.power(this.#weighted, this.#power);
    let mean = 0;
    for (let k = 0; k < BINS; k++) {
      const power = (this.#power[k] ?? 0) * this.#weight;
      this.#power[k] = power;
      mean += k === 0 || k === BINS - 1 ? power : 2 * power;
    }
    return mean / SIZE;
  }

  /** The tube of the new voice; how strongly it is to be blown. */
  #shapeTube({ hertz, voicing }: Pitch): number {
    this.#addUp();
    const width = (voicing > 0 ? hertz : NOISE_WIDTH) / BIN_HERTZ;
    let [own, other] = [0, 0];
    for (let k = 0; k < BINS; k++) {
      const envelope = this.#meanAround(this.#sources[k] ?? 0, width);
      own += this.#power[k] ?? 0;
      other += envelope;
      this.#envelope[k] = envelope * (this.#emphasis[k] ?? 0);
    }
    this.#fourier.correlation(this.#envelope, this.#correlation);
    this.#correlation[0] = (this.#correlation[0] ?? 0) * 1.0001; // the reach of 40 dB is all that is audible
    return Math.sqrt((findReflections(this.#correlation, this.#to) * own) / other);
  }

  /** Sums from below the lowest frequency, where the spectrum is its own mirror image. */
  #addUp(): void {
    let sum = 0;
    for (let place = 0; place < this.#sums.length; place++) {
      sum += this.#power[Math.min(Math.abs(place - MARGIN), BINS - 1)] ?? 0;
      this.#sums[place] = sum;
    }
  }

  #meanAround(place: number, width: number): number {
    return (this.#sumTo(place + width / 2) - this.#sumTo(place - width / 2)) / width;
  }

  /** Up to a place between two frequencies; each reaches half way to the next. */
  #sumTo(place: number): number {
    const at = place + MARGIN - 0.5;
    const [whole, part] = [Math.floor(at), at - Math.floor(at)];
    return (1 - part) * (this.#sums[whole] ?? 0) + part * (this.#sums[whole + 1] ?? 0);
  }

  /** The pitch of the new voice: around its own middle as the person's is around theirs. */
  #follow({ hertz, voicing }: Pitch): number {
    if (voicing === 0 && this.#voicedBlocks === 0) return this.#pitch;
    if (voicing > 0) {
      this.#voicedBlocks = Math.min(this.#voicedBlocks + 1, MIDDLE_BLOCKS);
      this.#middle += (Math.log2(hertz) - this.#middle) / this.#voicedBlocks;
    }
    const rise = MELODY * (Math.log2(hertz) - this.#middle);
    return this.#pitch * 2 ** Math.min(Math.max(rise, -1), 1);
  }

  #speak(other: Float32Array, { hertz, voicing }: Pitch, gainBefore: number): void {
    const step = hertz / VOICE_RATE;
    const clear = Math.min(voicing, CLEAREST);
    const [voiced, breath] = [clear / Math.sqrt(step), Math.sqrt(3 * (1 - clear * clear))];
    for (let n = 0; n < VOICE_BLOCK; n++) {
      if (n % STEP === 0) this.#bend((n + STEP) / VOICE_BLOCK);
      const gain = gainBefore + (this.#gain - gainBefore) * (n / VOICE_BLOCK);
      const blown = voiced * this.#pulse(step) + breath * (2 * this.#random() - 1);
      this.#last = this.#tube.sound(gain * blown, this.#now) + EMPHASIS * this.#last;
      other[n] = limited(this.#last);
    }
    if (this.#gain === 0 && Math.abs(this.#last) < STILL) {
      this.#tube.still();
      this.#last = 0;
      if (gainBefore === 0) other.fill(0);
    }
  }

  /** The tube between the block before and this one. */
  #bend(share: number): void {
    for (let i = 0; i < ORDER; i++) this.#now[i] = (1 - share) * (this.#from[i] ?? 0) + share * (this.#to[i] ?? 0);
  }

  /** One pulse a period; between two samples it is shared, so that its time is exact. */
  #pulse(step: number): number {
    const rest = this.#carry;
    this.#carry = 0;
    this.#phase += step;
    if (this.#phase < 1) return rest;
    this.#phase -= 1;
    const late = this.#phase / step;
    this.#carry = 1 - late;
    return rest + late;
  }
}

/** How much of a frequency is left by the difference of neighbouring samples. */
function levelling(k: number): number {
  return 1 + EMPHASIS * EMPHASIS - 2 * EMPHASIS * Math.cos((2 * Math.PI * k) / SIZE);
}

function limited(sample: number): number {
  const size = Math.abs(sample);
  if (size <= BEND_FROM) return sample;
  const [over, room] = [size - BEND_FROM, 1 - BEND_FROM];
  return Math.sign(sample) * (BEND_FROM + (room * over) / (room + over));
}
