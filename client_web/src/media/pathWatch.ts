/**
 * Whether the way from the server has fallen silent, by what the browser has counted. Pure.
 *
 * The browser itself looks after seconds only: until then nobody would ask for another way after a change of network.
 */

/** In so many looks in a row something is lacking that has come in each of the looks before. */
const SILENT_LOOKS = 2;
const BUSY_LOOKS = 4;

/** Of a look that counts: about what one voice sends meanwhile. */
const BUSY_OCTETS = 1500;

/** Where little comes: the server reports once a second even to a seat that it sends nothing else. */
export const SILENT_AFTER_MS = 2500;

export class PathWatch {
  #octets = 0;
  #cameAt: number | null = null;
  #busy = 0;
  #empty = 0;
  #isTold = false;

  /** Whether the last look found nothing: the next one had better come soon. */
  get isInDoubt(): boolean {
    return this.#empty > 0 && this.#busy >= BUSY_LOOKS && !this.#isTold;
  }

  /**
   * Whether the way has fallen silent just now; each silence is told once.
   *
   * @param octets - received so far over the connection.
   */
  observe(octets: number, now: number): boolean {
    const came = octets - this.#octets;
    this.#octets = octets;
    if (came !== 0) {
      this.#busy = came >= BUSY_OCTETS && this.#empty === 0 ? this.#busy + 1 : 0;
      this.#empty = 0;
      this.#cameAt = now;
      this.#isTold = false;
      return false;
    }
    this.#empty++;
    const isSilent =
      (this.#busy >= BUSY_LOOKS && this.#empty >= SILENT_LOOKS) ||
      (this.#cameAt !== null && now - this.#cameAt >= SILENT_AFTER_MS);
    const isNews = isSilent && !this.#isTold;
    this.#isTold ||= isSilent;
    return isNews;
  }
}
