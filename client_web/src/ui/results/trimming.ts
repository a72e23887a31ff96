/** Which of the members' points were left out of the mean, as the trace of the calculation says. */

import type { Group, Step } from '../../protocol/generated';
import { criteriaUnder } from '../sheets/criteria';

export type Trimmed = 'highest' | 'lowest' | 'widest';

const MARKS: Partial<Record<Step['code'], Trimmed>> = {
  highest_dropped: 'highest',
  lowest_dropped: 'lowest',
  widest_member_dropped: 'widest',
};

/** Tells for bid, criterion and member whether, and why, the points were left out. */
export function trimmedPoints(trace: readonly Step[], root: Group) {
  const marks = new Map<string, Trimmed>();
  for (const { code, bid = ANY_BID, node, who } of trace) {
    const mark = MARKS[code];
    if (mark === undefined || node === undefined || who === undefined) continue;
    for (const criterion of criteriaUnder(root, node)) marks.set(place(bid, criterion, who), mark);
  }
  return (bid: string, criterion: string, member: string): Trimmed | null =>
    marks.get(place(bid, criterion, member)) ?? marks.get(place(ANY_BID, criterion, member)) ?? null;
}

/** A member whose sheets are left out as a whole is left out for every bid. */
const ANY_BID = '*';

function place(bid: string, criterion: string, member: string): string {
  return `${bid}/${criterion}/${member}`;
}
