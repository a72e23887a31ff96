/** Three notes on a chosen loudspeaker: made here, no file. */

/** Hertz. */
const NOTES = [523, 659, 784];
/** Seconds each. */
const LENGTH = 0.35;
/** Of the full loudness. */
const LOUDNESS = 0.2;

/**
 * Resolves when the notes are over, or at once when the signal ends them.
 *
 * @param sinkId - of the loudspeaker; empty for the system's own.
 * @throws a DOMException where the loudspeaker cannot be had.
 */
export async function playTestSound(sinkId: string, signal: AbortSignal): Promise<void> {
  const context = new AudioContext();
  const end = context.createMediaStreamDestination();
  const element = new Audio();
  element.srcObject = end.stream; // an AudioContext chooses its loudspeaker from Chromium 110 on only
  try {
    await element.setSinkId(sinkId);
    await element.play();
    NOTES.forEach((pitch, place) => {
      sound(context, end, pitch, place * LENGTH);
    });
    await over(NOTES.length * LENGTH * 1000, signal);
  } finally {
    element.pause();
    await context.close();
  }
}

function sound(context: AudioContext, end: AudioNode, pitch: number, start: number): void {
  const tone = new OscillatorNode(context, { type: 'sine', frequency: pitch });
  tone.connect(new GainNode(context, { gain: LOUDNESS })).connect(end);
  tone.start(context.currentTime + start);
  tone.stop(context.currentTime + start + LENGTH);
}

function over(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
