import { describe, expect, it } from 'vitest';

import type { AnyEvent, RoomView } from '../../protocol/generated';
import type { Line } from '../../session/line';
import { EMPTY_VIEW } from '../../session/roomView';
import { EMPTY_LOT, seat } from '../../session/testWorld/views';
import { AWAY_AFTER_MS } from './absences';
import { byUrgency, concernKey, concernsOf, endableTalk, isUrgent, type Concern, type Watched } from './concerns';

const NOW = 100_000;

const ROOM: RoomView = {
  ...EMPTY_VIEW,
  phase: 'check_in',
  seats: { W1: seat('witness'), S1: seat('supervisor'), G1: seat('agent'), E1: seat('expert'), E2: seat('expert') },
};
const ASKED: RoomView['talk_requests'] = {
  E2: { agent: 'G1', member: 'E2', topic: 'documents', asked_at: 70_000 },
};

type Port = NonNullable<Watched['port']>;

function watched(
  view: Partial<RoomView> = {},
  { me = 'W1', ...more }: Partial<Omit<Port, 'me'>> & { me?: string } = {},
) {
  const role = ROOM.seats[me]?.role ?? 'witness';
  const port: Port = {
    view: { ...ROOM, ...view },
    lines: [],
    me: { room: 'R2', alias: me, role, venue: 'jia', fingerprint: '00' },
    connection: { state: 'open' },
    clockOffset: 500,
    notices: [],
    ...more,
  };
  return { room: 'R2', number: 2, port, hasFailed: false, absences: new Map() } satisfies Watched;
}

const line = (event: AnyEvent, at: number, by = 'E1'): Line => ({ head: { seq: 9, at, by, salt: 'AAAA' }, event });
const kinds = (concerns: readonly Concern[]) => concerns.map(({ kind }) => kind);

describe('what asks for attention in a room', () => {
  it('is nothing while everything goes its way', () => {
    expect(concernsOf(watched(), NOW)).toEqual([]);
  });

  it('is a talk that waits for the witness, and for nobody else who watches', () => {
    const room = watched({ talk_requests: ASKED });

    expect(concernsOf(room, NOW)).toEqual([
      { kind: 'talk_asked', room: 'R2', number: 2, seats: ['E2'], since: 70_000, fact: '', gap: null },
    ]);
    expect(concernsOf(watched({ talk_requests: ASKED }, { me: 'S1' }), NOW)).toEqual([]);
  });

  it('is told of a talk that is open, with who listens', () => {
    const talk = { asker: 'E2', agent: 'G1', member: 'E2', topic: 'other', witness: 'W1', opened_at: 80_000 } as const;

    expect(concernsOf(watched({ talk }, { me: 'S1' }), NOW)).toMatchObject([
      { kind: 'talk_open', seats: ['G1', 'E2'], fact: 'W1', since: 80_000 },
    ]);
  });

  it('can end an open talk where the own seat may, and knows of none where it is asked for or over', () => {
    const talk = { asker: 'E2', agent: 'G1', member: 'E2', topic: 'other', witness: 'W1', opened_at: 80_000 } as const;
    const talking = watched({ talk });

    expect(endableTalk(talking.port)?.asker).toBe('E2');
    expect(endableTalk(watched({ talk }, { me: 'S1' }).port)).toBeNull();
    expect(endableTalk({ ...talking.port, me: null })).toBeNull();
    expect(endableTalk(watched({ talk_requests: ASKED }).port)).toBeNull();
    expect(endableTalk(null)).toBeNull();
  });

  it('is a room camera that is not recorded, apart from the members', () => {
    const opening = { policy: { recording: 'kept' } } as RoomView['opening'];
    const camera = { venue: 'jia', label: '场地全景', added_at: 1, removed_at: null };
    const kept = { audio: { since: 1, gap: null }, video: { since: 1, gap: null } };
    const recordings = { E1: kept, E2: kept, C1: { video: { since: 2, gap: 'disconnected' as const } } };
    const cameras = { C1: camera, C2: camera, C3: { ...camera, removed_at: 9 } };

    expect(concernsOf(watched({ opening, recordings, cameras }), NOW)).toMatchObject([
      { kind: 'camera', seats: ['C1', 'C2'], gap: 'disconnected' },
    ]);
    expect(concernsOf(watched({ opening, recordings: { ...recordings, E2: {} }, cameras: {} }), NOW)).toMatchObject([
      { kind: 'unrecorded', seats: ['E2'], gap: null },
    ]);
  });

  it('is a pause with its reason and its beginning', () => {
    const lines = [line({ type: 'room_paused', reason: '停电' }, 60_000, 'H1')];

    expect(concernsOf(watched({ paused: '停电' }, { lines }), NOW)).toMatchObject([
      { kind: 'paused', since: 60_000, fact: '停电' },
    ]);
  });

  it('is a call for the staff, and a member with a conflict', () => {
    const seats = { ...ROOM.seats, E1: seat('expert', { conflict: true }) };
    const lines = [line({ type: 'staff_called', need: 'device' }, 50_000)];

    expect(concernsOf(watched({ seats }, { lines }), NOW)).toMatchObject([
      { kind: 'conflict', seats: ['E1'] },
      { kind: 'call', seats: ['E1'], since: 50_000 },
    ]);
  });

  it('is a seat that has been away for a while, never one that is just loaded anew', () => {
    const away = (since: number): Watched => ({ ...watched(), absences: new Map([['E1', since]]) });

    expect(concernsOf(away(NOW - AWAY_AFTER_MS + 1), NOW)).toEqual([]);
    expect(concernsOf(away(NOW - AWAY_AFTER_MS), NOW)).toMatchObject([{ kind: 'away', seats: ['E1'] }]);
    expect(concernsOf({ ...watched({ phase: 'prepared' }), absences: new Map([['E1', 0]]) }, NOW)).toEqual([]);
  });

  it('is the own way to the room; who is away is not known then', () => {
    const lost = watched({}, { connection: { state: 'reconnecting', since: 90_000 } });
    const ended = watched({}, { connection: { state: 'ended', code: 'taken_over' } });

    expect(concernsOf({ ...lost, absences: new Map([['E1', 0]]) }, NOW)).toMatchObject([
      { kind: 'interrupted', since: 90_500 },
    ]);
    expect(concernsOf(lost, 90_600)).toEqual([]);
    expect(kinds(concernsOf(ended, NOW))).toEqual(['ended']);
    expect(kinds(concernsOf({ ...watched(), port: null, hasFailed: true }, NOW))).toEqual(['ended']);
    expect(concernsOf({ ...watched(), port: null }, NOW)).toEqual([]);
  });

  it('is the own seat that nobody has confirmed yet, and then nothing else', () => {
    const seats = { ...ROOM.seats, W1: seat('witness', { confirmed: false }) };

    expect(kinds(concernsOf(watched({ seats, paused: '停电' }), NOW))).toEqual(['unconfirmed']);
  });

  it('is no fault of the record where the own key was not enrolled', () => {
    const seats = { ...ROOM.seats, W1: seat('witness', { confirmed: false }) };
    const notices = [{ kind: 'alarm', code: 'not_enrolled' } as const];

    expect(kinds(concernsOf(watched({ seats }, { notices }), NOW))).toEqual(['unconfirmed']);
  });

  it('is a disk that is nearly full, and that a report is signed', () => {
    const lots = { L1: { ...EMPTY_LOT, phase: 'signing' as const } };

    expect(concernsOf(watched({ recording_space: 40, lots }), NOW)).toMatchObject([
      { kind: 'disk', fact: '40' },
      { kind: 'signing' },
    ]);
  });

  it('is in a closed room only what is wrong with its record', () => {
    const notices = [{ kind: 'alarm', code: 'record_contradicted' } as const];

    expect(concernsOf(watched({ phase: 'closed', paused: '停电' }), NOW)).toEqual([]);
    expect(kinds(concernsOf(watched({ phase: 'closed' }, { notices }), NOW))).toEqual(['alarm']);
  });
});

describe('what comes first', () => {
  const concern = (kind: Concern['kind'], number: number, since: number | null = null): Concern => ({
    ...{ kind, room: `R${number}`, number, since },
    ...{ seats: [], fact: '', gap: null },
  });

  it('is what is most urgent, in whatever room', () => {
    const all = [concern('signing', 1), concern('away', 1, 5), concern('paused', 3, 1), concern('talk_asked', 2, 90)];

    expect(byUrgency(all).map(({ kind, number }) => `${kind} ${number}`)).toEqual([
      'talk_asked 2',
      'paused 3',
      'away 1',
      'signing 1',
    ]);
  });

  it('is among equals who has waited longest, then the room with the smaller number', () => {
    const all = [concern('talk_asked', 4, 80), concern('talk_asked', 3, 20), concern('ended', 6), concern('ended', 5)];

    expect(byUrgency(all).map(({ number }) => number)).toEqual([5, 6, 3, 4]);
  });

  it('is counted where somebody ought to look', () => {
    expect([concern('talk_asked', 1), concern('signing', 1), concern('unconfirmed', 1)].map(isUrgent)).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('is known again by room, kind and seats', () => {
    expect(concernKey({ ...concern('away', 1), seats: ['E1', 'E2'] })).toBe('R1 away E1 E2');
  });
});
