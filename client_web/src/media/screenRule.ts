/** Who may show a screen to whom now: the part of the server's policy that a page goes by. See `screen_policy.py`. */

import type { Alias, Role, RoomView } from '../protocol/generated';
import { entry, rolesOf } from '../session/roomView';
import { inTalk, mayConfer, MEMBERS } from './mayConfer';

const WATCHERS: readonly Role[] = ['witness', 'supervisor'];
const OPERATORS: readonly Role[] = ['host_operator', 'venue_operator'];

/** By who shows a screen. */
const SHOWN_TO: Readonly<Partial<Record<Role, readonly Role[]>>> = {
  host_operator: [...MEMBERS, ...OPERATORS, 'agent', ...WATCHERS],
  agent: [...MEMBERS, 'host_operator', ...WATCHERS],
  chair: [...MEMBERS, 'supervisor'],
};

/** Whether a seat may show a screen to anybody now: by its office, and because it is the time for it. */
export function mayShow(view: RoomView, source: Alias): boolean {
  const isOpen = view.phase !== 'prepared' && view.phase !== 'closed' && mayConfer(view);
  return isOpen && isConfirmed(view, source) && rolesOf(view, source).some((role) => role in SHOWN_TO);
}

/** Whether a listener may see the screen of a seat now. */
export function seesScreen(view: RoomView, listener: Alias, source: Alias): boolean {
  const role = entry(view.seats, listener)?.role;
  if (role === undefined || listener === source || !mayShow(view, source) || !isConfirmed(view, listener)) return false;
  if (!rolesOf(view, source).some((office) => SHOWN_TO[office]?.includes(role))) return false;
  if (!MEMBERS.includes(role)) return true;
  const sends = entry(view.seats, source)?.role;
  return sends === 'agent' ? inTalk(view, listener, source) : sends === 'host_operator' || !isBehind(view, listener);
}

/** Whom a seat may show a screen to now, in the order of the plan; of a supervisor nobody is told. */
export function screenViewers(view: RoomView, source: Alias): Alias[] {
  return Object.entries(view.seats)
    .filter(([listener, { role }]) => role !== 'supervisor' && seesScreen(view, listener, source))
    .map(([listener]) => listener);
}

/** Whether the desktops of the members are recorded in this room, from now on. */
export function wantsDesktop(view: RoomView, member: Alias): boolean {
  const policy = view.opening?.policy;
  const seat = entry(view.seats, member);
  const isRecorded = policy?.record_desktops === true && (policy.recording ?? 'off') !== 'off';
  const isOpen = view.phase !== 'prepared' && view.phase !== 'closed';
  return isRecorded && isOpen && seat !== undefined && MEMBERS.includes(seat.role) && isConfirmed(view, member);
}

function isConfirmed(view: RoomView, alias: Alias): boolean {
  const seat = entry(view.seats, alias);
  return seat?.left_at === null && seat.confirmed;
}

/** Whether a member may not know yet what the others have found: a substitute before the own first sheet. */
function isBehind(view: RoomView, member: Alias): boolean {
  const stages = Object.values(view.lots).flatMap(({ stages }) => Object.values(stages));
  return stages.some(({ rounds }) => {
    const revealed = rounds.filter(({ revealed_at }) => revealed_at !== null);
    return revealed.length > 0 && !revealed.some(({ handed_in }) => handed_in.includes(member));
  });
}
