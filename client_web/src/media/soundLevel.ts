/** How loud a microphone is, for the eye. */

/** What is still seen as sound, in decibels below the full scale. */
const FLOOR_DB = -60;

/**
 * From 0 (silence) to 1 (as loud as it gets), even steps for the ear.
 *
 * @param samples - from -1 to 1.
 */
export function levelOf(samples: Float32Array): number {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(samples.length, 1);
  const decibels = 10 * Math.log10(power);
  return Math.min(1, Math.max(0, 1 - decibels / FLOOR_DB));
}

/** Samples of one look: 683 ms at 48 kHz, more than lies between two of them. */
const PEAK_SAMPLES = 32_768;

/** Hears how loud a track is. */
export interface Ear {
  /** The loudest of the last half second, 0 to 1; 0 where the browser has no sound to look at. */
  loudest(): number;
  end(): void;
}

/** Begins to listen to a track, for where the browser does not count how loud it is. */
export type Listen = (track: MediaStreamTrack) => Ear;

/** With the browser's own means; without any loudspeaker, Firefox 153 begins no sound, and nothing is heard. */
export const listen: Listen = (track) => {
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: PEAK_SAMPLES });
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(PEAK_SAMPLES);
  return {
    loudest: () => {
      analyser.getFloatTimeDomainData(samples);
      return peakOf(samples);
    },
    end: () => {
      void context.close();
    },
  };
};

/** How far the samples go from silence. */
export function peakOf(samples: Float32Array): number {
  return samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
}

/** Between two looks. */
const LOOK_EVERY_MS = 80;

/** Samples of one look: 85 ms at 48 kHz, so that no sound falls between two looks. */
const LOOK_SAMPLES = 4096;

/** A meter rises at once and returns 20 dB in 1.7 s (IEC 60268-10, type I), so that short sounds are seen. */
const FALL_OF_LOOK = ((20 / 1700) * LOOK_EVERY_MS) / -FLOOR_DB;

/** What a meter that stood at `shown` shows when the sound is at `level`. */
export function meterAfter(shown: number, level: number): number {
  return Math.max(level, shown - FALL_OF_LOOK, 0);
}

/**
 * Tells the level of a sound as a meter shows it, until it is ended.
 *
 * The track is a copy, so that the level is seen while the microphone that others hear is off.
 */
export function watchLevel(track: MediaStreamTrack, changed: (level: number) => void): () => void {
  const copy = track.clone();
  copy.enabled = true;
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(new MediaStream([copy])).connect(analyser);
  analyser.fftSize = LOOK_SAMPLES;
  const samples = new Float32Array(LOOK_SAMPLES);
  let shown = 0;
  const looking = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    shown = meterAfter(shown, levelOf(samples));
    changed(shown);
  }, LOOK_EVERY_MS);
  return () => {
    clearInterval(looking);
    copy.stop();
    void context.close();
  };
}
