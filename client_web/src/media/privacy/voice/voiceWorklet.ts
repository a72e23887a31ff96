/** Changes the voice where the browser makes its sound; tells the page ten times a second that it does. */

import type { Disguise } from './disguise';
import { VOICE_BLOCK, VoiceMask } from './voiceMask';

/** The part of an AudioWorklet's scope that is used here. Source: W3C Web Audio API, 1.32. */
declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(
  name: string,
  processor: new (options: { processorOptions: Disguise }) => AudioWorkletProcessor,
): void;

/** Blocks of 8 ms between two signs of life. */
const SIGN_EVERY = 12;

const SILENCE = new Float32Array(VOICE_BLOCK);

class VoiceProcessor extends AudioWorkletProcessor {
  readonly #mask: VoiceMask;
  #blocks = 0;

  constructor({ processorOptions }: { processorOptions: Disguise }) {
    super();
    this.#mask = new VoiceMask(processorOptions, Math.random);
  }

  /** Of a microphone that is away there are no samples: it is silent. */
  process([own]: Float32Array[][], [other]: Float32Array[][]): boolean {
    const out = other?.[0];
    if (out === undefined) return true;
    this.#mask.process(own?.[0] ?? SILENCE, out);
    if (++this.#blocks % SIGN_EVERY === 0) this.port.postMessage('alive');
    return true;
  }
}

registerProcessor('voice-mask', VoiceProcessor);
