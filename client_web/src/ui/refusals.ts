/** Which sentence belongs to a refusal, a goodbye or a notice. */

import { GOODBYE_CODES, REJECTION_CODES } from '../protocol/generated';

/** Why a page is not in its room, beside the server's goodbyes. */
export const PAGE_END_CODES = ['page_outdated', 'page_unable'] as const;

/** The message key of a rejection's sentence; a general one for a code that this page does not know. */
export function refusalKey(code: string): string {
  if (code === 'paused' || code === 'unreachable') return `rejection_${code}`;
  return REJECTION_CODES.some((known) => known === code) ? `rejection.${code}` : 'rejection_unknown';
}

/** After these the seat of this window is good for nothing any more. */
const FOR_GOOD = ['token_malformed', 'token_foreign', 'token_expired', 'token_revoked', 'seat_released', 'seat_left'];

/** Whether a new code is needed after a goodbye, or the end of the seat is meant. */
export function isForGood(code: string): boolean {
  return FOR_GOOD.includes(code);
}

/** The message key of what has happened and what to do, for an ended connection. */
export function goodbyeKey(code: string): string {
  return [...GOODBYE_CODES, ...PAGE_END_CODES].some((known) => known === code) ? `goodbye.${code}` : 'goodbye_unknown';
}
