import { describe, expect, it } from 'vitest';

import type { MediaLink, MediaState, OwnDevice, Protection } from '../../media/mediaPort';
import type { RoomOpened, RoomView, Talk } from '../../protocol/generated';
import { EMPTY_VIEW } from '../../session/roomView';
import { seat } from '../../session/testWorld/views';
import {
  END_SHOWN_MS,
  hasTalks,
  isSide,
  lastEnd,
  mayEnd,
  mayListen,
  ownSound,
  standingTalks,
  talkSilence,
  talkWishes,
} from './talks';

const ROOM: RoomView = {
  ...EMPTY_VIEW,
  phase: 'check_in',
  seats: {
    H1: seat('host_operator'),
    A1: seat('agent'),
    W1: seat('witness'),
    S1: seat('supervisor'),
    E1: seat('expert'),
    E2: seat('expert'),
  },
};
const TALK: Talk = { asker: 'E2', agent: 'A1', member: 'E2', topic: 'procedure', witness: 'W1', opened_at: 7 };
const ASKED: RoomView = {
  ...ROOM,
  talk_requests: { E2: { agent: 'A1', member: 'E2', topic: 'documents', asked_at: 5 } },
};

describe('what a seat can ask for', () => {
  it('is a talk of its own, of the chair for the committee too, of the agent with everybody', () => {
    expect(talkWishes(ROOM, 'E2')).toEqual([{ agent: 'A1', member: 'E2' }]);
    expect(talkWishes({ ...ROOM, chair: 'E2' }, 'E2').map(({ member }) => member)).toEqual(['E2', null]);
    expect(talkWishes(ROOM, 'A1').map(({ member }) => member)).toEqual([null, 'E1', 'E2']);
  });

  it('is nothing without an agent, and nothing for those who watch', () => {
    const seats = { E1: seat('expert') };

    expect(hasTalks({ ...ROOM, seats }, 'E1')).toBe(false);
    expect(['E1', 'A1', 'W1', 'S1', 'H1'].map((alias) => hasTalks(ROOM, alias))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('is asked for once', () => {
    expect(talkSilence(ROOM, 'E2')).toBeNull();
    expect(talkSilence(ASKED, 'E2')).toBe('asked_already');
    expect(talkSilence({ ...ROOM, talk: TALK }, 'E2')).toBe('asked_already');
    expect(talkSilence({ ...ROOM, paused: '停电' }, 'E2')).toBe('alone');
  });
});

describe('an end', () => {
  const event = { type: 'talk_ended', asker: 'E2', agent: 'A1', member: 'E2', end: 'witness_gone' } as const;
  const lines = [{ head: { seq: 9, at: 1000, by: '', salt: 'AAAA' }, event }];
  const told = (me: string, putAway: number | null = null, now = 2000) =>
    lastEnd(lines, ROOM, me, { putAway, now })?.event.end ?? null;

  it('is told to the sides and the witnesses', () => {
    expect(['E2', 'A1', 'W1', 'E1', 'H1'].map((me) => told(me))).toEqual([
      ...['witness_gone', 'witness_gone', 'witness_gone'],
      ...[null, null],
    ]);
  });

  it('is told for a while, until it is noted, and not to who has ended it', () => {
    expect(told('E2', null, 1000 + END_SHOWN_MS)).toBeNull();
    expect(told('E2', 9)).toBeNull();
    expect(lastEnd([], ROOM, 'E2', { putAway: null, now: 0 })).toBeNull();
  });
});

describe('what stands', () => {
  it('is told to everybody once it is open, and before that to those who can do something about it', () => {
    const seen = (view: RoomView) => Object.keys(view.seats).filter((alias) => standingTalks(view, alias).length > 0);

    expect(seen(ASKED)).toEqual(['H1', 'A1', 'W1', 'E2']);
    expect(seen({ ...ROOM, talk: TALK })).toEqual(Object.keys(ROOM.seats));
  });

  it('is opened by a witness, one at a time', () => {
    const [asked] = standingTalks(ASKED, 'W1');
    if (asked === undefined) throw new Error('nobody asks');

    expect(mayListen(ASKED, 'W1', asked)).toBe(true);
    expect(mayListen(ASKED, 'A1', asked)).toBe(false);
    expect(mayListen({ ...ASKED, talk: TALK }, 'W1', asked)).toBe(false);
  });

  it('is ended by its sides, witness and host, of the committee by its chair', () => {
    const ends = (view: RoomView, member: string | null) =>
      Object.keys(view.seats).filter((alias) => mayEnd(view, alias, { agent: 'A1', member }));

    expect(ends(ROOM, 'E2')).toEqual(['H1', 'A1', 'W1', 'E2']);
    expect(ends({ ...ROOM, chair: 'E1' }, null)).toEqual(['H1', 'A1', 'W1', 'E1']);
    expect(ends(ROOM, null)).toEqual(['H1', 'A1', 'W1', 'E1', 'E2']);
  });

  it('has the agent and a member, or all members, for its sides', () => {
    const sides = (member: string | null) =>
      Object.keys(ROOM.seats).filter((alias) => isSide(ROOM, alias, { agent: 'A1', member }));

    expect(sides('E2')).toEqual(['A1', 'E2']);
    expect(sides(null)).toEqual(['A1', 'E1', 'E2']);
  });
});

describe('the own sound in a talk', () => {
  const told = (link: MediaLink['state'], microphone: OwnDevice['state'], voice: Protection): MediaState =>
    ({ link: { state: link }, own: { microphone: { state: microphone }, protection: { voice } } }) as MediaState;
  const recorded = (recording: string, gap?: 'disconnected' | null): RoomView => ({
    ...ROOM,
    opening: { policy: { recording } } as RoomOpened,
    recordings: gap === undefined ? {} : { E1: { audio: { since: 3, gap } } },
  });
  const FINE = told('connected', 'on', 'working');

  it.each<[string, MediaState | null]>([
    ['heard', FINE],
    ['heard', told('connected', 'on', 'none')],
    ['silent', null],
    ['silent', told('connected', 'off', 'none')],
    ['silent', told('reconnecting', 'starting', 'stalled')],
    ['cut_off', told('connected', 'on', 'stalled')],
    ['cut_off', told('reconnecting', 'on', 'working')],
  ])('is %s', (sound, media) => {
    expect(ownSound(ROOM, 'E1', media)).toBe(sound);
  });

  it('is not heard while it has to be recorded and is not', () => {
    const views = [
      recorded('required'),
      recorded('required', 'disconnected'),
      recorded('required', null),
      recorded('kept'),
    ];

    expect(views.map((view) => ownSound(view, 'E1', FINE))).toEqual(['unrecorded', 'unrecorded', 'heard', 'heard']);
  });
});
