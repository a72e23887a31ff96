/** Who has taken whose place in the committee, and why. */

import type { Alias, Millis, Seq } from '../../protocol/generated';
import type { Line } from '../../session/line';

export interface MemberChange {
  readonly seq: Seq;
  readonly at: Millis;
  readonly member: Alias;
  readonly successor: Alias;
  readonly reason: string;
}

/** The changes, the first one first. */
export function memberChanges(lines: readonly Line[]): MemberChange[] {
  return lines.flatMap(({ head: { seq, at }, event }) => {
    if (event.type !== 'member_replaced') return [];
    const { member, successor, reason } = event;
    return [{ seq, at, member, successor, reason }];
  });
}
