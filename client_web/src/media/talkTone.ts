/**
 * The tone at the beginning of a talk with the agent: mixed into the own microphone, so that the other side, the
 * witness and the recordings hear it.
 */

/** Hertz, one after the other. */
const PITCHES = [660, 880, 660];
/** Seconds each. */
const LENGTH_S = 0.4;
/** Of the full loudness. */
const LOUDNESS = 0.15;
/** A browser that lets no sound be made has not begun after so long. */
const PATIENCE_MS = 500;

/** One note, in seconds from the beginning. */
export interface Note {
  readonly pitch: number;
  readonly from: number;
  readonly to: number;
}

/** The notes of the tone. */
export function toneNotes(): Note[] {
  return PITCHES.map((pitch, place) => ({ pitch, from: place * LENGTH_S, to: (place + 1) * LENGTH_S }));
}

/** Microphone and tone together. */
export interface MixedTone {
  /** To be sent in the microphone's place. */
  readonly track: MediaStreamTrack;
  /** Resolves when the tone is over: the microphone is to be sent again. */
  readonly over: Promise<void>;
  /** Lets the track go. */
  readonly end: () => void;
}

/** Gives a tone over a microphone. */
export type MixTone = (microphone: MediaStreamTrack | null) => Promise<MixedTone | null>;

/** The microphone as it is, a silent one too, with the tone; null where the browser lets no sound be made. */
export const mixTone: MixTone = async (microphone) => {
  const context = new AudioContext();
  await Promise.race([context.resume(), after(PATIENCE_MS)]);
  const sum = context.createMediaStreamDestination();
  const [track] = sum.stream.getAudioTracks();
  if (context.state !== 'running' || track === undefined) {
    void context.close();
    return null;
  }
  if (microphone !== null) context.createMediaStreamSource(new MediaStream([microphone])).connect(sum);
  for (const note of toneNotes()) play(context, sum, note);
  return {
    track,
    over: after(PITCHES.length * LENGTH_S * 1000),
    end: () => {
      track.stop();
      void context.close();
    },
  };
};

function play(context: AudioContext, sum: AudioNode, { pitch, from, to }: Note): void {
  const tone = new OscillatorNode(context, { type: 'sine', frequency: pitch });
  tone.connect(new GainNode(context, { gain: LOUDNESS })).connect(sum);
  const now = context.currentTime;
  tone.start(now + from);
  tone.stop(now + to);
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
