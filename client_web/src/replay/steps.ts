/**
 * The steps in which a record grew: the lines of one command come together, and a room is never between them. So do
 * those that the server writes at one moment without a command.
 */

import type { Alias, Millis, Seq } from '../protocol/generated';
import type { Line } from '../session/line';

export interface Step {
  readonly first: Seq;
  /** Lines of the record after it. */
  readonly size: number;
  readonly at: Millis;
  readonly by: Alias;
}

/** Where a replay stands: a moment, and the last step before it. */
export interface Cursor {
  readonly at: Millis;
  /** Its index. */
  readonly step: number;
}

/** The steps of a whole record. */
export function stepsOf(lines: readonly Line[]): Step[] {
  const steps: Step[] = [];
  let cause: string | undefined;
  for (const { head } of lines) {
    const last = steps.at(-1);
    const isOne = head.cause === cause && (cause !== undefined || last?.at === head.at);
    if (last !== undefined && isOne) steps[steps.length - 1] = { ...last, size: head.seq + 1 };
    else steps.push({ first: head.seq, size: head.seq + 1, at: head.at, by: head.by });
    cause = head.cause;
  }
  return steps;
}

/** At a moment: after every step that was done by then; at the first step at least. */
export function cursorAt(steps: readonly Step[], at: Millis): Cursor {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((steps[middle]?.at ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  return { at: Math.max(at, steps[0]?.at ?? at), step: Math.max(low - 1, 0) };
}

/** Right after a step; the first or the last for one beyond. */
export function cursorOn(steps: readonly Step[], step: number): Cursor {
  const within = Math.min(Math.max(step, 0), Math.max(steps.length - 1, 0));
  return { at: steps[within]?.at ?? 0, step: within };
}

/** The step that holds a line. */
export function stepOf(steps: readonly Step[], seq: Seq): number {
  return steps.findIndex(({ size }) => seq < size);
}
