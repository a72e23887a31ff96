/** What in a room asks for the witness officer's eyes, and which of it comes first. Pure. */

import type { Alias, GapReason, Millis, RoomId, RoomView } from '../../protocol/generated';
import type { Line } from '../../session/line';
import { entry, mayAsk, membersOf } from '../../session/roomView';
import { staffCalls } from '../calls/staffCalls';
import { hasCamera } from '../cameras/cameraPictures';
import { conflicts } from '../console/nextStep';
import { unrecorded, type Unrecorded } from '../recording/unrecorded';
import type { Notice, RoomPort } from '../roomPort';
import { mayEnd, standingTalks, type StandingTalk } from '../talks/talks';
import { AWAY_AFTER_MS, longAway, type Absences } from './absences';

/**
 * The most urgent first. `ended`: this page is not in the room any more. `interrupted`: it comes back by itself.
 * `alarm`: the record contradicts itself, or somebody acts in the own name. `unconfirmed`: the own seat waits for its
 * operator. `camera`: a room camera that is not recorded. `talk_open` and `signing` are told and ask for nothing.
 */
export const CONCERNS = [
  'ended',
  'alarm',
  'talk_asked',
  'interrupted',
  'conflict',
  'call',
  'disk',
  'paused',
  'unrecorded',
  'camera',
  'away',
  'unconfirmed',
  'talk_open',
  'signing',
] as const;

export type ConcernKind = (typeof CONCERNS)[number];

export interface Concern {
  readonly kind: ConcernKind;
  readonly room: RoomId;
  readonly number: number;
  /** Whom it is about. */
  readonly seats: readonly Alias[];
  /** By the server's clock; null where nobody knows. */
  readonly since: Millis | null;
  /** The pause's reason, the minutes of recording that are left, or who listens to a talk; empty for the others. */
  readonly fact: string;
  /** Why somebody, or a camera, is not recorded; null for the others, and where the recording never began. */
  readonly gap: GapReason | null;
}

/** A room as this page watches it. */
export interface Watched {
  readonly room: RoomId;
  readonly number: number;
  /** Null before it is open. */
  readonly port: Pick<RoomPort, 'view' | 'lines' | 'me' | 'connection' | 'clockOffset' | 'notices'> | null;
  /** It cannot be opened. */
  readonly hasFailed: boolean;
  readonly absences: Absences;
}

/** What asks for attention in one room; of a closed room only what is wrong with its record. */
export function concernsOf(watched: Watched, now: Millis): Concern[] {
  const { room, number, port, hasFailed } = watched;
  return told(port, hasFailed, watched.absences, now).map((each) => ({ ...NOTHING_MORE, ...each, room, number }));
}

/** Of all rooms: the most urgent first, then who has waited longest, then by the rooms' numbers. */
export function byUrgency(concerns: readonly Concern[]): Concern[] {
  const waiting = ({ since }: Concern): number => since ?? Infinity;
  return [...concerns].sort(
    (a, b) =>
      CONCERNS.indexOf(a.kind) - CONCERNS.indexOf(b.kind) || compare(waiting(a), waiting(b)) || a.number - b.number,
  );
}

/** An open talk that the own seat may end; null where there is none. */
export function endableTalk(port: Pick<RoomPort, 'view' | 'me'> | null): StandingTalk | null {
  const alias = port?.me?.alias;
  if (port === null || alias === undefined) return null;
  const [open] = standingTalks(port.view, alias).filter(({ witness }) => witness !== null);
  return open !== undefined && mayEnd(port.view, alias, open) ? open : null;
}

/** Whether somebody ought to look now; what is not urgent is told without a count and without a sound. */
export function isUrgent({ kind }: Pick<Concern, 'kind'>): boolean {
  return kind !== 'signing' && kind !== 'talk_open' && kind !== 'unconfirmed';
}

/** By what the same concern is known a moment later. */
export function concernKey({ kind, room, seats }: Concern): string {
  return [room, kind, ...seats].join(' ');
}

type Told = Pick<Concern, 'kind'> & Partial<Concern>;

const NOTHING_MORE = { seats: [], since: null, fact: '', gap: null } satisfies Partial<Concern>;

function compare(a: number, b: number): number {
  return a === b ? 0 : a - b; // infinity less infinity is no number
}

function told(port: Watched['port'], hasFailed: boolean, absences: Absences, now: Millis): Told[] {
  if (hasFailed) return [{ kind: 'ended' }];
  if (port === null) return [];
  const { view, connection, me, notices } = port;
  const alarms: Told[] = notices.some(isOfRecord) ? [{ kind: 'alarm' }] : [];
  if (view.phase === 'closed') return alarms;
  if (connection.state === 'ended') return [{ kind: 'ended' }, ...alarms];
  if (me === null) return alarms;
  const lost = lostOf(port, now);
  if (entry(view.seats, me.alias)?.confirmed !== true) return [...alarms, ...lost, { kind: 'unconfirmed' }];
  return [
    ...alarms,
    ...lost,
    ...talksOf(view, me.alias),
    ...conflicts(view).map(({ alias }): Told => ({ kind: 'conflict', seats: [alias] })),
    ...staffCalls(port).map(({ seat, since }): Told => ({ kind: 'call', seats: [seat], since })),
    ...proceedingOf(view, port.lines),
    ...(connection.state === 'open' ? awayOf(view, absences, now) : []), // else it does not know
  ];
}

/** Whether something is wrong with the record, and not with the way to it. */
function isOfRecord({ kind, code }: Notice): boolean {
  return kind === 'alarm' && code !== 'not_enrolled';
}

/** A short break is no reason to look up. */
function lostOf({ connection, clockOffset }: NonNullable<Watched['port']>, now: Millis): Told[] {
  if (connection.state !== 'reconnecting') return [];
  const since = connection.since + clockOffset;
  return now - since >= AWAY_AFTER_MS ? [{ kind: 'interrupted', since }] : [];
}

/** The open talk, and those that wait until the own seat listens; while one is open they wait for its end. */
function talksOf(view: RoomView, me: Alias): Told[] {
  const mayOpen = mayAsk(view, me, 'open_talk');
  return standingTalks(view, me).flatMap(({ asker, agent, member, witness, since }): Told[] => {
    if (witness === null) return mayOpen ? [{ kind: 'talk_asked', seats: [asker], since }] : [];
    return [{ kind: 'talk_open', seats: [agent, ...(member === null ? [] : [member])], fact: witness, since }];
  });
}

function proceedingOf(view: RoomView, lines: readonly Line[]): Told[] {
  const members = membersOf(view);
  const missing = unrecorded(view);
  const pausedAt = lines.filter(({ event }) => event.type === 'room_paused').at(-1)?.head.at ?? null;
  const signing = Object.values(view.lots).some(({ phase }) => phase === 'signing');
  return [
    ...(view.recording_space === null ? [] : [{ kind: 'disk' as const, fact: String(view.recording_space) }]),
    ...(view.paused === null ? [] : [{ kind: 'paused' as const, fact: view.paused, since: pausedAt }]),
    ...unrecordedOf(
      'unrecorded',
      missing.filter(({ alias }) => members.includes(alias)),
    ),
    ...unrecordedOf(
      'camera',
      missing.filter(({ alias }) => hasCamera(view, alias)),
    ),
    ...(signing ? [{ kind: 'signing' as const }] : []),
  ];
}

/** All of a kind in one, with the reason of the first. */
function unrecordedOf(kind: ConcernKind, tracks: readonly Unrecorded[]): Told[] {
  const [first] = tracks;
  if (first === undefined) return [];
  return [{ kind, gap: first.gap, seats: [...new Set(tracks.map(({ alias }) => alias))] }];
}

/** Members on their way to the room are awaited, not missed. */
function awayOf(view: RoomView, absences: Absences, now: Millis): Told[] {
  if (view.phase === 'prepared') return [];
  const known = new Map([...absences].filter(([alias]) => entry(view.seats, alias)?.confirmed === true));
  const { seats, since } = longAway(known, now);
  return seats.length > 0 ? [{ kind: 'away', seats, since }] : [];
}
