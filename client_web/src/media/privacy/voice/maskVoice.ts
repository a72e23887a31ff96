/** The microphone with another voice. Between microphone and track stands the worklet alone: where it fails, all is silent. */

import type { BeginMask, MaskListener } from '../mask';
import { drawDisguise } from './disguise';
import { VOICE_RATE } from './voiceMask';
import worklet from './voiceWorklet?worker&url';

/** One for this page; told to nobody, and another one each time it is opened. */
const DISGUISE = drawDisguise(chance);

export const maskVoice: BeginMask = (bare, listener) => {
  const context = new AudioContext({ sampleRate: VOICE_RATE, latencyHint: 'interactive' });
  const destination = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
  const [track] = destination.stream.getAudioTracks();
  if (track === undefined) throw new TypeError('This browser makes no sound.');
  const heard: MaskListener = {
    alive: () => {
      track.enabled = true;
      listener.alive();
    },
    failed: listener.failed,
  };
  void connect(context, bare, destination, heard).catch(listener.failed);
  return {
    track,
    stream: destination.stream,
    hide: () => {
      track.enabled = false;
      void context.resume().catch(listener.failed);
    },
    end: () => {
      track.enabled = false;
      track.stop();
      void context.close().catch(() => undefined); // it has been closed
    },
  };
};

async function connect(
  context: AudioContext,
  bare: MediaStreamTrack,
  destination: AudioNode,
  { alive, failed }: MaskListener,
): Promise<void> {
  await context.audioWorklet.addModule(worklet);
  const options = { processorOptions: DISGUISE, numberOfOutputs: 1, outputChannelCount: [1], channelCount: 1 };
  const mask = new AudioWorkletNode(context, 'voice-mask', { ...options, channelCountMode: 'explicit' });
  mask.port.onmessage = alive;
  mask.onprocessorerror = failed;
  context
    .createMediaStreamSource(new MediaStream([bare]))
    .connect(mask)
    .connect(destination);
}

/** From 0 up to 1, not to be guessed. */
function chance(): number {
  const [drawn] = crypto.getRandomValues(new Uint32Array(1));
  return (drawn ?? 0) / 2 ** 32;
}
