/** Who has been let off a recording and why, and whom the main venue may let off. */

import type { Alias, MediaTrack, RoomView } from '../../protocol/generated';
import { mayAsk } from '../../session/roomView';
import { isMemberSeat } from '../committee';

export interface Waiver {
  readonly alias: Alias;
  readonly kind: MediaTrack;
  readonly reason: string;
}

/** All waivers for those who still take part, seat by seat; none after the close. */
export function waivers(view: RoomView): Waiver[] {
  if (view.phase === 'closed') return [];
  return Object.entries(view.waivers)
    .filter(([alias]) => view.seats[alias]?.left_at === null)
    .flatMap(([alias, reasons]) =>
      Object.entries(reasons).map(([kind, reason]) => ({ alias, kind: kind as MediaTrack, reason })),
    );
}

/** Whether this seat may let a member off a recording now. */
export function mayWaive(view: RoomView, me: Alias, alias: Alias): boolean {
  const seat = view.seats[alias];
  const waits = view.opening?.policy.recording === 'required' && seat !== undefined && isMemberSeat(seat);
  return waits && mayAsk(view, me, 'waive_recording');
}
