/** An entry code that came with the address: `/#code=12345678`, as a QR code or the demo's lobby gives it. */

import { CODE_LENGTH, codeDigits } from './entryCode';

/** The code's digits, taken out of the address at once so that it stays in no bar and no history; null without one. */
export function takeHandedCode(
  address: Pick<Location, 'hash' | 'pathname' | 'search'> = location,
  past: Pick<History, 'replaceState'> = history,
): string | null {
  const typed = new URLSearchParams(address.hash.slice(1)).get('code');
  if (typed === null) return null;
  past.replaceState(null, '', address.pathname + address.search);
  const digits = codeDigits(typed);
  return digits.length === CODE_LENGTH ? digits : null;
}
