/** What has become of the own call for the staff. */

import type { Alias, Millis, RoomView, Seq, StaffNeed } from '../../protocol/generated';
import type { Line } from '../../session/line';
import { mayAsk } from '../../session/roomView';

export interface OwnCall {
  readonly state: 'waiting' | 'answered';
  /** What was called for last. */
  readonly need: StaffNeed;
  /** When it was called for, or answered; by the server's clock. */
  readonly at: Millis;
  /** The line that says so. */
  readonly seq: Seq;
}

/** So long an answer is shown to who does not put it away. */
export const ANSWER_SHOWN_MS = 120_000;

/** Whether this seat's page offers the call. */
export function mayCallStaff(view: RoomView, me: Alias): boolean {
  return mayAsk(view, me, 'call_staff');
}

/** The last call of an alias, waiting or answered; null if there was none. */
export function ownCall(lines: readonly Line[], me: Alias): OwnCall | null {
  let call: OwnCall | null = null;
  for (const { head, event } of lines) {
    const { at, seq } = head;
    if (event.type === 'staff_called' && head.by === me) call = { state: 'waiting', need: event.need, at, seq };
    else if (event.type === 'staff_call_answered' && event.alias === me && call !== null) {
      call = { state: 'answered', need: call.need, at, seq };
    }
  }
  return call;
}

/** Whether there is still something to say of a call; `putAway`: the line of the answer that the person has noted. */
export function isTold(call: OwnCall, putAway: Seq | null, now: Millis): boolean {
  return call.state === 'waiting' || (call.seq !== putAway && now - call.at < ANSWER_SHOWN_MS);
}
