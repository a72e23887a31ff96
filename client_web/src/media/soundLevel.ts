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

/** Between two looks. */
const LOOK_EVERY_MS = 80;

/**
 * Tells the level of a sound until it is ended.
 *
 * The track is a copy, so that the level is seen while the microphone that others hear is off.
 */
export function watchLevel(track: MediaStreamTrack, changed: (level: number) => void): () => void {
  const copy = track.clone();
  copy.enabled = true;
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(new MediaStream([copy])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const looking = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    changed(levelOf(samples));
  }, LOOK_EVERY_MS);
  return () => {
    clearInterval(looking);
    copy.stop();
    void context.close();
  };
}
