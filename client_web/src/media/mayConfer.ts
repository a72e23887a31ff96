/** When sound and pictures rest by the rules of the room: the part of the server's policy that a page explains. */

import type { Alias, Role, RoomView } from '../protocol/generated';
import { entry, openRound } from '../session/roomView';

const MEMBERS: readonly Role[] = ['expert', 'representative'];

/** Whether members may see and hear each other: no pause, and no sheet open that is filled in alone. */
export function mayConfer(view: RoomView): boolean {
  return (
    view.paused === null &&
    Object.values(view.lots).every((lot) => Object.values(lot.stages).every((stage) => openRound(stage) === null))
  );
}

/** Whether a seat hears nothing of another one now because the rules say so, and not because something is broken. */
export function isQuietByRule(view: RoomView, listener: Alias, source: Alias): boolean {
  const [hears, sends] = [entry(view.seats, listener), entry(view.seats, source)];
  if (hears === undefined || sends === undefined) return true;
  if (view.phase === 'closed' || !hears.confirmed || !sends.confirmed || sends.left_at !== null) return true;
  if (MEMBERS.includes(hears.role) && MEMBERS.includes(sends.role)) return !mayConfer(view);
  return isAcrossTheTable(hears.role, sends.role) && view.phase !== 'prepared' && view.phase !== 'check_in';
}

/** Whether one is the agent and the other a member: they speak before the evaluation only. */
function isAcrossTheTable(one: Role, other: Role): boolean {
  return (one === 'agent' && MEMBERS.includes(other)) || (other === 'agent' && MEMBERS.includes(one));
}
