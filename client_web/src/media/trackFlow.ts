/** From what the browser counts to what a person is told: does a track come, and who speaks. Pure. */

import type { TrackState } from './mediaPort';

/** Without a packet for so long, a track that ought to come is stalled. */
export const STALL_AFTER_MS = 3000;

/** A track that ought not to come is over after so long without a packet. */
const OVER_AFTER_MS = 1000;

/** One track of another seat, on one connection. */
export class TrackFlow {
  #packets = 0;
  #cameAt: number | null = null;
  #expectedSince: number | null = null;

  /**
   * Where the track stands.
   *
   * @param packets - received so far on this connection.
   * @param isExpected - whether the rules let it come now.
   */
  observe(packets: number, isExpected: boolean, now: number): TrackState {
    if (packets > this.#packets) this.#cameAt = now;
    this.#packets = packets;
    this.#expectedSince = isExpected ? (this.#expectedSince ?? now) : null;
    if (this.#cameAt === null) return 'waiting';
    if (now - this.#cameAt < (isExpected ? STALL_AFTER_MS : OVER_AFTER_MS)) return 'flowing';
    if (this.#expectedSince === null) return 'waiting';
    return now - this.#expectedSince < STALL_AFTER_MS ? 'waiting' : 'stalled';
  }
}

/** Of the full scale, 0 to 1: about -36 dB, well above a quiet room. */
const SPEAKING_LEVEL = 0.016;

/** A pause between words is not the end of a speech. */
const PAUSE_MS = 800;

/** Whether somebody speaks, by the level of their sound. */
export class SpeechMeter {
  #loudAt = -Infinity;

  /** @param level - of the sound now, 0 to 1. */
  observe(level: number, now: number): boolean {
    if (level >= SPEAKING_LEVEL) this.#loudAt = now;
    return now - this.#loudAt < PAUSE_MS;
  }
}
