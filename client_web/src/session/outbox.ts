/** Commands that are signed and not answered: sent in their order, after a lost connection again, with the same bytes. */

import type { Accepted, Refused, Submit } from '../protocol/generated';
import type { SignedCommandText } from './commands';

/** An answer that does not come within this time means a dead connection. */
const PATIENCE_MS = 15_000;

interface Waiting {
  readonly command: SignedCommandText;
  /** When it was last sent, on this connection; null while it was not. */
  sentAt: number | null;
}

/** The commands of one seat that wait for an answer. */
export class Outbox {
  readonly #waiting = new Map<number, Waiting>();

  /** How many wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** When the connection has to be given up, by the clock of `due`. */
  get timer(): number {
    const times = [...this.#waiting.values()].flatMap(({ sentAt }) => (sentAt === null ? [] : [sentAt + PATIENCE_MS]));
    return Math.min(...times); // infinity for none
  }

  add(command: SignedCommandText): void {
    this.#waiting.set(command.n, { command, sentAt: null });
  }

  /** The commands that are to be sent now, by their numbers. */
  due(now: number): Submit[] {
    const unsent = [...this.#waiting.values()].filter(({ sentAt }) => sentAt === null);
    return unsent
      .sort((a, b) => a.command.n - b.command.n)
      .map((waiting) => {
        waiting.sentAt = now;
        const { text, signature, key } = waiting.command;
        return { type: 'submit', text, signature, key };
      });
  }

  /** The connection is gone: whatever has no answer has to be sent again. */
  handleClosed(): void {
    for (const waiting of this.#waiting.values()) waiting.sentAt = null;
  }

  /** Whether the answer is to a command that waits; it waits no longer. */
  handleAnswer({ n }: Accepted | Refused): boolean {
    return n !== null && this.#waiting.delete(n);
  }

  /** Every command that waits, given up: the room has ended for this page. */
  clear(): void {
    this.#waiting.clear();
  }
}
