/** Talks with the agent as a seat's page offers and shows them. */

import { mayConfer } from '../../media/mayConfer';
import type { MediaState } from '../../media/mediaPort';
import type { Alias, Millis, Role, RoomView, Seq, TalkEnded, TalkTopic } from '../../protocol/generated';
import type { Line } from '../../session/line';
import { entry, mayAsk, membersOf } from '../../session/roomView';

/** A talk that is open, or asked for. */
export interface StandingTalk {
  readonly asker: Alias;
  readonly agent: Alias;
  /** Null for the whole committee. */
  readonly member: Alias | null;
  readonly topic: TalkTopic;
  /** Who listens; null before it is open. */
  readonly witness: Alias | null;
  /** Since when it is open, or asked for. */
  readonly since: Millis;
}

/** Between whom a talk can be asked for. */
export interface TalkWish {
  readonly agent: Alias;
  readonly member: Alias | null;
}

/** The open talk, then what is asked for, as far as this seat has to know: an open one everybody does. */
export function standingTalks(view: RoomView, me: Alias): StandingTalk[] {
  const { talk } = view;
  const open = talk === null ? [] : [{ ...talk, since: talk.opened_at }];
  const asked = Object.entries(view.talk_requests).map(([asker, { agent, member, topic, asked_at }]) => ({
    ...{ asker, agent, member, topic, since: asked_at },
    witness: null,
  }));
  return [...open, ...asked.filter((each) => mayEnd(view, me, each) || isSide(view, me, each))];
}

/** Whether this seat speaks in a talk. */
export function isSide(view: RoomView, me: Alias, { agent, member }: TalkWish): boolean {
  return me === agent || (member === null ? membersOf(view).includes(me) : me === member);
}

/**
 * How it stands with the own sound in an open talk. `silent`: the microphone is not on. `cut_off`: what it takes up does
 * not leave this computer. `unrecorded`: it has to be recorded and is not, so the server does not pass it on.
 */
export type OwnSound = 'heard' | 'silent' | 'cut_off' | 'unrecorded';

/** Whether the other side hears this seat, and if not, why. */
export function ownSound(view: RoomView, me: Alias, media: MediaState | null): OwnSound {
  if (media?.own.microphone.state !== 'on') return 'silent';
  if (media.link.state !== 'connected' || media.own.protection.voice === 'stalled') return 'cut_off';
  const isRecorded = entry(view.recordings, me)?.audio?.gap === null;
  return view.opening?.policy.recording === 'required' && !isRecorded ? 'unrecorded' : 'heard';
}

/** Whether this seat ends a talk, or what asks for one. */
export function mayEnd(view: RoomView, me: Alias, { member }: TalkWish): boolean {
  if (!mayAsk(view, me, 'end_talk')) return false;
  if (!membersOf(view).includes(me)) return true;
  return member === null ? view.chair === null || view.chair === me : member === me;
}

/** Whether this seat listens, so that a talk which is asked for begins. */
export function mayListen(view: RoomView, me: Alias, talk: StandingTalk): boolean {
  return talk.witness === null && view.talk === null && mayAsk(view, me, 'open_talk');
}

/** So long an end is shown to who does not put it away. */
export const END_SHOWN_MS = 60_000;

/** How a talk, or what asked for one, has ended. */
export interface ToldEnd {
  readonly seq: Seq;
  readonly event: TalkEnded;
}

/** The last end, as long as it is news to this seat: it had a part in it, has not ended it itself, and not noted it. */
export function lastEnd(
  lines: readonly Line[],
  view: RoomView,
  me: Alias,
  { putAway, now }: { readonly putAway: Seq | null; readonly now: Millis },
): ToldEnd | null {
  const last = lines.filter(({ event }) => event.type === 'talk_ended').at(-1);
  if (last?.event.type !== 'talk_ended' || view.phase === 'closed') return null;
  const { head, event } = last;
  const isNews = head.seq !== putAway && head.by !== me && now - head.at < END_SHOWN_MS;
  const concerns = isSide(view, me, event) || entry(view.seats, me)?.role === 'witness';
  return isNews && concerns ? { seq: head.seq, event } : null;
}

/** Whether this seat's page offers to ask for a talk, now or once no sheet is filled in alone any more. */
export function hasTalks(view: RoomView, me: Alias): boolean {
  return mayAsk(view, me, 'ask_for_talk') && agentsOf(view).length > 0;
}

/** Why this seat cannot ask for a talk now; null if it can. */
export function talkSilence(view: RoomView, me: Alias): 'alone' | 'asked_already' | null {
  if (!mayConfer(view)) return 'alone';
  return view.talk?.asker === me || entry(view.talk_requests, me) !== undefined ? 'asked_already' : null;
}

/** What this seat can ask for: a member for itself, the chair for the committee too, the agent for everybody. */
export function talkWishes(view: RoomView, me: Alias): TalkWish[] {
  if (view.seats[me]?.role === 'agent') {
    return [null, ...membersOf(view)].map((member) => ({ agent: me, member }));
  }
  const members = view.chair === me ? [me, null] : [me];
  return agentsOf(view).flatMap((agent) => members.map((member) => ({ agent, member })));
}

function agentsOf(view: RoomView): Alias[] {
  const isAgent = (role: Role): boolean => role === 'agent';
  return Object.entries(view.seats).flatMap(([alias, { role, left_at }]) =>
    isAgent(role) && left_at === null ? [alias] : [],
  );
}
