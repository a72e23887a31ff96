import { describe, expect, it } from 'vitest';

import type { Policy, RoomOpened, RoomView, Round } from '../protocol/generated';
import { EMPTY_VIEW } from '../session/roomView';
import { OPEN, scoredIn, seat } from '../session/testWorld/views';
import { mayShow, screenViewers, seesScreen, wantsDesktop } from './screenRule';

const REVEALED: Round = { pending: [], handed_in: ['E1', 'E2'], revealed_at: 40 };

const ROOM: RoomView = {
  ...EMPTY_VIEW,
  phase: 'evaluation',
  chair: 'E1',
  seats: {
    H1: seat('host_operator'),
    V1: seat('venue_operator'),
    A1: seat('agent'),
    W1: seat('witness'),
    S1: seat('supervisor'),
    U1: seat('auditor'),
    E1: seat('expert'),
    E2: seat('expert'),
    E8: seat('expert', { confirmed: false }),
    E9: seat('expert', { left_at: 9 }),
  },
};
const ALONE = { lots: { L1: scoredIn(OPEN) } };
const TALK = { asker: 'A1', agent: 'A1', member: 'E2', topic: 'procedure', witness: 'W1', opened_at: 7 } as const;

function opened(policy: Partial<Policy>): Partial<RoomView> {
  return { opening: { policy: { recording: 'required', ...policy } } as RoomOpened };
}

describe('mayShow', () => {
  it.each<[string, Partial<RoomView>, readonly string[]]>([
    ['while members confer', {}, ['H1', 'A1', 'E1']],
    ['before a chair is elected', { chair: null }, ['H1', 'A1']],
    ['before the check-in', { phase: 'prepared' }, []],
    ['after the close', { phase: 'closed' }, []],
    ['in a pause', { paused: '午休' }, []],
    ['while a sheet is filled in alone', ALONE, []],
  ])('names who has the floor by office, %s', (_, changes, expected) => {
    const view = { ...ROOM, ...changes };

    expect(Object.keys(view.seats).filter((alias) => mayShow(view, alias))).toEqual(expected);
  });
});

describe('screenViewers', () => {
  it.each<[string, string, Partial<RoomView>, readonly string[]]>([
    ['the host', 'H1', {}, ['V1', 'A1', 'W1', 'E1', 'E2']],
    ['the agent without a talk', 'A1', {}, ['H1', 'W1']],
    ['the agent in a talk with a member', 'A1', { talk: TALK }, ['H1', 'W1', 'E2']],
    ['the agent in a talk with all', 'A1', { talk: { ...TALK, member: null } }, ['H1', 'W1', 'E1', 'E2']],
    ['the chair', 'E1', {}, ['E2']],
    ['the chair, after a reveal', 'E1', { lots: { L1: scoredIn(REVEALED) } }, ['E2']],
    ['the chair, to a substitute', 'E1', { lots: { L1: scoredIn({ ...REVEALED, handed_in: ['E1'] }) } }, []],
    ['another member', 'E2', {}, []],
    ['the host, while a sheet is filled in', 'H1', ALONE, []],
  ])('of %s', (_, source, changes, expected) => {
    expect(screenViewers({ ...ROOM, ...changes }, source)).toEqual(expected);
  });

  it('leaves out the supervisor, who sees it', () => {
    expect(seesScreen(ROOM, 'S1', 'E1')).toBe(true);
    expect(screenViewers(ROOM, 'E1')).not.toContain('S1');
  });

  it('knows no strangers', () => {
    expect(seesScreen(ROOM, 'E77', 'H1')).toBe(false);
    expect(seesScreen(ROOM, 'E1', 'E77')).toBe(false);
  });
});

describe('wantsDesktop', () => {
  it.each<[string, string, Partial<RoomView>, boolean]>([
    ['a member', 'E1', opened({ record_desktops: true }), true],
    ['a member of a room that does not ask for it', 'E1', opened({}), false],
    ['a member of a room that records nothing', 'E1', opened({ record_desktops: true, recording: 'off' }), false],
    ['a member before the check-in', 'E1', { ...opened({ record_desktops: true }), phase: 'prepared' }, false],
    ['a member after the close', 'E1', { ...opened({ record_desktops: true }), phase: 'closed' }, false],
    ['a member who is not confirmed', 'E8', opened({ record_desktops: true }), false],
    ['a member who has left', 'E9', opened({ record_desktops: true }), false],
    ['a witness', 'W1', opened({ record_desktops: true }), false],
    ['a stranger', 'E77', opened({ record_desktops: true }), false],
  ])('for %s', (_, alias, changes, expected) => {
    expect(wantsDesktop({ ...ROOM, ...changes }, alias)).toBe(expected);
  });
});
