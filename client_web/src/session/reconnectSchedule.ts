/** When a page tries again: soon at first, then every seven seconds, for as long as it is open. */

const DELAYS_MS = [0, 300, 1200, 2700, 4800, 7000];

/** Part of a delay by which pages differ, so that a hall of them does not come back in one moment. */
const JITTER = 0.25;

/**
 * Milliseconds to wait before the next try.
 *
 * @param attempt - tries since the last welcome, from 0.
 * @param random - from 0 up to 1.
 */
export function reconnectDelay(attempt: number, random: number): number {
  const delay = DELAYS_MS[Math.min(attempt, DELAYS_MS.length - 1)] ?? 0;
  return delay * (1 - JITTER + 2 * JITTER * random);
}
