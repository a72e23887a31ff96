/** A seat's pre-check as others see it: how it ended, and what did not pass. */

import {
  PRECHECK_PART_VALUES,
  type Alias,
  type PrecheckMark,
  type PrecheckPart,
  type Role,
  type RoomView,
} from '../../protocol/generated';
import { entry } from '../../session/roomView';

/** What is told of a seat. `none`: its present computer has not been checked. */
export interface SeatPrecheck {
  readonly state: PrecheckMark | 'none';
  /** What is to be looked at, in the order of the check. */
  readonly parts: readonly PrecheckPart[];
}

/** The roles that report; of those who only watch nobody is to learn that they are here. */
const SILENT: readonly Role[] = ['supervisor', 'auditor'];

/** What this viewer's lines say of a seat; null for one that reports nothing. */
export function seatPrecheck(view: RoomView, alias: Alias): SeatPrecheck | null {
  const seat = entry(view.seats, alias);
  if (seat === undefined || SILENT.includes(seat.role)) return null;
  const found = entry(view.prechecks, alias);
  if (found === undefined) return { state: 'none', parts: [] };
  const marked = (mark: PrecheckMark) => PRECHECK_PART_VALUES.filter((part) => found.marks[part] === mark);
  const [failed, warned] = [marked('failed'), marked('warned')];
  if (failed.length > 0) return { state: 'failed', parts: failed };
  return { state: warned.length > 0 ? 'warned' : 'passed', parts: warned };
}

/** Whether the check is still asked for: before the evaluation, and of a seat that was moved since. */
export function isAskedFor(view: RoomView, alias: Alias): boolean {
  const seat = entry(view.seats, alias);
  if (seat === undefined || view.phase === 'closed') return false;
  return view.phase === 'prepared' || view.phase === 'check_in' || seat.moves > 0;
}
