/** The browser's loudspeaker as the bell uses it: notes made here, no file. */

import type { Note, Speaker } from './bell';

/** Of the full loudness, at a note's beginning. */
const LOUDNESS = 0.25;
/** Almost nothing: an exponential ramp cannot end at nothing. */
const SILENCE = 0.0001;
/** Seconds until a note has its full loudness: a harder beginning would crack. */
const ATTACK = 0.02;

/** A speaker that is made at its first use. */
export function loudspeaker(): Speaker {
  let made: AudioContext | null = null;
  return {
    open: async () => {
      made ??= new AudioContext();
      await made.resume();
      return made.state === 'running';
    },
    play: (notes) => {
      if (made !== null) for (const note of notes) sound(made, note);
    },
  };
}

function sound(context: AudioContext, { pitch, start, length }: Note): void {
  const begin = context.currentTime + start;
  const tone = new OscillatorNode(context, { type: 'sine', frequency: pitch });
  const loudness = new GainNode(context, { gain: SILENCE });
  loudness.gain.setValueAtTime(SILENCE, begin);
  loudness.gain.exponentialRampToValueAtTime(LOUDNESS, begin + ATTACK);
  loudness.gain.exponentialRampToValueAtTime(SILENCE, begin + length);
  tone.connect(loudness).connect(context.destination);
  tone.start(begin);
  tone.stop(begin + length);
}
