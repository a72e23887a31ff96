/** A key's fingerprint as people compare it: read from one screen, checked on another. */

import type { Digest } from '../protocol/generated';

const DIGITS = 12;

/** Twelve digits in groups of four, from the first 40 bits: `4829 1300 7561`. */
export function shortCode(fingerprint: Digest): string {
  const number = BigInt(`0x${fingerprint.slice(0, 10)}`) % 10n ** BigInt(DIGITS);
  return number
    .toString()
    .padStart(DIGITS, '0')
    .replace(/(\d{4})(?=\d)/g, '$1 ');
}
