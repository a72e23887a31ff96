/**
 * What this window sends with an entry code, so that the code stays with it when the answer is lost.
 *
 * It outlives a reload, as people reload a page that does not answer, and is gone once somebody has entered.
 */

import { bytesToHex } from '@noble/hashes/utils.js';

const KEPT_UNDER = 'lianping.entry';

/** The window's secret, drawn when first asked for. */
export function entrySecret(storage: Storage = sessionStorage): string {
  const kept = storage.getItem(KEPT_UNDER);
  if (kept !== null) return kept;
  const drawn = bytesToHex(crypto.getRandomValues(new Uint8Array(16)));
  storage.setItem(KEPT_UNDER, drawn);
  return drawn;
}

/** The next person at this window has another one. */
export function forgetEntrySecret(storage: Storage = sessionStorage): void {
  storage.removeItem(KEPT_UNDER);
}
