/** Whether the room's sound is for this page: what the page wants, and what the server has said to it. */

import type { HearRoom } from '../protocol/generated';

export class Hearing {
  #isWanted = true;
  /** What the server was told last, and has put in force once everything is answered. */
  #isInForce = true;
  #unanswered = 0;

  /** Whether the page plays it. */
  get isWanted(): boolean {
    return this.#isWanted;
  }

  /** Whether it is sent over a connection that stands, so that the server takes the seat for one that listens. */
  get isInForce(): boolean {
    return this.#isWanted && this.#isInForce && this.#unanswered === 0;
  }

  /** The page plays it from now on, or does not; gives what the server is to be told, if there is anything new. */
  want(on: boolean, isOpen: boolean): HearRoom | null {
    if (on === this.#isWanted) return null;
    this.#isWanted = on;
    if (!isOpen) return null; // the first frame says it
    this.#unanswered++;
    return { type: 'hear_room', on };
  }

  /** A socket begins; its first frame has said what is wanted. */
  begin(): void {
    this.#unanswered = 0;
    this.#isInForce = this.#isWanted;
  }

  /** The server has put something in force. */
  take(on: boolean): void {
    this.#unanswered = Math.max(0, this.#unanswered - 1);
    this.#isInForce = on;
  }
}
