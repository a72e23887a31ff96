/** The entry code as people type, paste and read it: eight digits in two groups. */

import { normalised } from '../sheets/decimals';

export const CODE_LENGTH = 8;

/** The digits in what was typed or pasted, at most eight: full-width digits count, blanks and dashes do not. */
export function codeDigits(typed: string): string {
  return normalised(typed).replace(/\D/g, '').slice(0, CODE_LENGTH);
}

/** `1234 5678`; the blank comes with the fifth digit. */
export function grouped(digits: string): string {
  return digits.length > 4 ? `${digits.slice(0, 4)} ${digits.slice(4)}` : digits;
}

/** A wait as people read a clock: `9:05`. */
export function minutesAndSeconds(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
