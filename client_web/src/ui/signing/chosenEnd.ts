/** The four ways in which a member can end the signing. Source: 12号令, Art. 43. */

import type { SigningEnd } from '../../protocol/generated';

export const CHOSEN_ENDS = ['signed', 'signed_with_dissent', 'refused_with_dissent', 'refused'] as const;
export type ChosenEnd = Extract<SigningEnd, (typeof CHOSEN_ENDS)[number]>;

/** Whether a dissent has to be stated. */
export function asksDissent(end: ChosenEnd): boolean {
  return end.endsWith('_with_dissent');
}

/** Whether nothing is missing. */
export function isReadyToEnd(end: ChosenEnd | null, dissent: string): boolean {
  return end !== null && (!asksDissent(end) || dissent.trim() !== '');
}

/** Whether the end needs a signature. */
export function isSigned(end: ChosenEnd): boolean {
  return end.startsWith('signed');
}
