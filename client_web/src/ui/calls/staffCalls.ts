/** Calls for the staff that nobody has answered yet, told from the lines that the viewer may see. */

import type { Alias, Millis, RoomView, StaffNeed } from '../../protocol/generated';
import type { Line } from '../../session/line';
import { entry, mayAsk } from '../../session/roomView';
import { venueName } from '../committee';
import type { RoomPort } from '../roomPort';

/** A seat that waits for the staff. */
export interface StaffCall {
  readonly seat: Alias;
  /** In the order in which they were called for; each once. */
  readonly needs: readonly StaffNeed[];
  /** When the seat first called, by the server's clock. */
  readonly since: Millis;
  readonly venue: string;
  /** Whether this viewer is the one to answer. */
  readonly isMine: boolean;
}

interface Waiting {
  readonly needs: readonly StaffNeed[];
  readonly since: Millis;
}

/** The open calls, the oldest first. */
export function staffCalls({ lines, view, me }: Pick<RoomPort, 'lines' | 'view' | 'me'>): StaffCall[] {
  const mayAnswer = me !== null && mayAsk(view, me.alias, 'answer_call');
  return [...waitingSeats(lines)].flatMap(([seat, { needs, since }]): StaffCall[] => {
    const place = presentSeat(view, seat);
    if (place === null) return [];
    const { venue } = place;
    return [{ seat, needs, since, venue: venueName(view, venue), isMine: mayAnswer && venue === me.venue }];
  });
}

/** In the order of their first calls. */
function waitingSeats(lines: readonly Line[]): Map<Alias, Waiting> {
  const waiting = new Map<Alias, Waiting>();
  for (const { head, event } of lines) {
    if (event.type === 'staff_called') waiting.set(head.by, withNeed(waiting.get(head.by), event.need, head.at));
    else if (event.type === 'staff_call_answered') waiting.delete(event.alias);
  }
  return waiting;
}

function withNeed(before: Waiting | undefined, need: StaffNeed, at: Millis): Waiting {
  const { needs, since } = before ?? { needs: [], since: at };
  return { needs: [...needs.filter((other) => other !== need), need], since };
}

/** A person who has been replaced waits no more. */
function presentSeat(view: RoomView, seat: Alias) {
  const place = entry(view.seats, seat);
  return place?.left_at === null && view.phase !== 'closed' ? place : null;
}

/** A span as minutes and seconds: `2:05`. */
export function minutesAndSeconds(span: Millis): string {
  const seconds = Math.max(0, Math.floor(span / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
