/** When sound and pictures rest by the rules of the room: the part of the server's policy that a page explains. */

import type { Alias, Role, RoomView } from '../protocol/generated';
import { entry, openRound } from '../session/roomView';

/** The roles that make up the committee. */
export const MEMBERS: readonly Role[] = ['expert', 'representative'];

/** Whether members may see and hear each other: no pause, and no sheet open that is filled in alone. */
export function mayConfer(view: RoomView): boolean {
  return (
    view.paused === null &&
    Object.values(view.lots).every((lot) => Object.values(lot.stages).every((stage) => openRound(stage) === null))
  );
}

/**
 * Why a seat hears nothing of another one now although nothing is broken. `absent`: it is no seat, or left.
 * `alone`: members fill in their sheets. `no_talk`: agent and members speak in a talk to which a witness listens.
 */
export type QuietRule = 'absent' | 'closed' | 'unconfirmed' | 'paused' | 'alone' | 'no_talk';

/** The rule by which a seat hears nothing of another one now; null where it may. */
export function quietRule(view: RoomView, listener: Alias, source: Alias): QuietRule | null {
  const [hears, sends] = [entry(view.seats, listener), entry(view.seats, source)];
  if (hears === undefined || sends?.left_at !== null) return 'absent';
  if (view.phase === 'closed') return 'closed';
  if (!hears.confirmed || !sends.confirmed) return 'unconfirmed';
  if (MEMBERS.includes(hears.role) && MEMBERS.includes(sends.role) && !mayConfer(view)) {
    return view.paused !== null ? 'paused' : 'alone';
  }
  return isAcrossTheTable(hears.role, sends.role) && !inTalk(view, listener, source) ? 'no_talk' : null;
}

/** Whether one is the agent and the other a member: they speak in a talk only. */
function isAcrossTheTable(one: Role, other: Role): boolean {
  return (one === 'agent' && MEMBERS.includes(other)) || (other === 'agent' && MEMBERS.includes(one));
}

/** Whether these two, agent and member, are in the talk that is open. */
export function inTalk({ talk }: RoomView, ...both: [Alias, Alias]): boolean {
  return talk !== null && both.includes(talk.agent) && (talk.member === null || both.includes(talk.member));
}
