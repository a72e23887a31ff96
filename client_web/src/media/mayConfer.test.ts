import { describe, expect, it } from 'vitest';

import type { RoomView, Round, Talk } from '../protocol/generated';
import { EMPTY_VIEW } from '../session/roomView';
import { OPEN, scoredIn, seat } from '../session/testWorld/views';
import { mayConfer, quietRule, type QuietRule } from './mayConfer';

const REVEALED: Round = { pending: [], handed_in: ['E1'], revealed_at: 40 };

const ROOM: RoomView = {
  ...EMPTY_VIEW,
  phase: 'evaluation',
  seats: {
    E1: seat('expert'),
    R1: seat('representative'),
    A1: seat('agent'),
    W1: seat('witness'),
    E8: seat('expert', { confirmed: false }),
    E9: seat('expert', { left_at: 9 }),
  },
};

/** With the whole committee. */
const TALK: Talk = { asker: 'A1', agent: 'A1', member: null, topic: 'procedure', witness: 'W1', opened_at: 7 };

describe('mayConfer', () => {
  it.each<[string, Partial<RoomView>, boolean]>([
    ['a room before its sheets', {}, true],
    ['a pause', { paused: '副场断电' }, false],
    ['an open sheet', { lots: { L1: scoredIn(OPEN) } }, false],
    ['a sheet of one lot among two', { lots: { L1: scoredIn(REVEALED), L2: scoredIn(OPEN) } }, false],
    ['a sheet that was given back', { lots: { L1: scoredIn(REVEALED, OPEN) } }, false],
    ['revealed sheets', { lots: { L1: scoredIn(REVEALED) } }, true],
    ['an open ballot', { election: { stage: { rounds: [OPEN] }, ballots: {}, votes: {} } }, true],
  ])('in %s', (_, changes, expected) => {
    expect(mayConfer({ ...ROOM, ...changes })).toBe(expected);
  });
});

describe('quietRule', () => {
  const alone = { lots: { L1: scoredIn(OPEN) } };

  it.each<[string, string, Partial<RoomView>, QuietRule | null]>([
    ['E1', 'R1', {}, null],
    ['E1', 'R1', alone, 'alone'],
    ['E1', 'R1', { paused: '副场断电' }, 'paused'],
    ['E1', 'R1', { ...alone, paused: '副场断电' }, 'paused'],
    ['E1', 'W1', alone, null],
    ['W1', 'E1', alone, null],
    ['E1', 'A1', { phase: 'check_in' }, 'no_talk'],
    ['E1', 'A1', {}, 'no_talk'],
    ['A1', 'E1', {}, 'no_talk'],
    ['A1', 'E1', { talk: { ...TALK, member: 'E1' } }, null],
    ['E1', 'A1', { talk: { ...TALK, member: 'E1' } }, null],
    ['R1', 'A1', { talk: { ...TALK, member: 'E1' } }, 'no_talk'],
    ['R1', 'A1', { talk: TALK }, null],
    ['A1', 'W1', {}, null],
    ['W1', 'E1', { phase: 'closed' }, 'closed'],
    ['E1', 'E8', {}, 'unconfirmed'],
    ['E8', 'E1', {}, 'unconfirmed'],
    ['E1', 'E9', {}, 'absent'],
    ['E1', 'X1', {}, 'absent'],
    ['X1', 'E1', {}, 'absent'],
  ])('%s of %s', (listener, source, changes, expected) => {
    expect(quietRule({ ...ROOM, ...changes }, listener, source)).toBe(expected);
  });
});
