import { describe, expect, it } from 'vitest';

import type { LotState, Role, RoomView, Round, Seat } from '../protocol/generated';
import { EMPTY_VIEW } from '../session/roomView';
import { isQuietByRule, mayConfer } from './mayConfer';

const OPEN: Round = { pending: ['E1'], handed_in: [], revealed_at: null };
const REVEALED: Round = { pending: [], handed_in: ['E1'], revealed_at: 40 };

function lot(rounds: readonly Round[]): LotState {
  return { phase: 'scoring', stages: { scoring: { rounds } } } as unknown as LotState;
}

function seat(role: Role): Seat {
  return {
    role,
    venue: 'jia',
    key: 'k',
    confirmed: true,
    moves: 0,
    conflict: null,
    pledged: false,
    successor: null,
    left_at: null,
  };
}

const ROOM: RoomView = {
  ...EMPTY_VIEW,
  phase: 'evaluation',
  seats: {
    E1: seat('expert'),
    R1: seat('representative'),
    A1: seat('agent'),
    W1: seat('witness'),
    E8: { ...seat('expert'), confirmed: false },
    E9: { ...seat('expert'), left_at: 9 },
  },
};

describe('mayConfer', () => {
  it.each<[string, Partial<RoomView>, boolean]>([
    ['a room before its sheets', {}, true],
    ['a pause', { paused: '副场断电' }, false],
    ['an open sheet', { lots: { L1: lot([OPEN]) } }, false],
    ['a sheet of one lot among two', { lots: { L1: lot([REVEALED]), L2: lot([OPEN]) } }, false],
    ['a sheet that was given back', { lots: { L1: lot([REVEALED, OPEN]) } }, false],
    ['revealed sheets', { lots: { L1: lot([REVEALED]) } }, true],
    ['an open ballot', { election: { stage: { rounds: [OPEN] }, ballots: {}, votes: {} } }, true],
  ])('in %s', (_, changes, expected) => {
    expect(mayConfer({ ...ROOM, ...changes })).toBe(expected);
  });
});

describe('isQuietByRule', () => {
  const alone = { lots: { L1: lot([OPEN]) } };

  it.each<[string, string, Partial<RoomView>, boolean]>([
    ['E1', 'R1', {}, false],
    ['E1', 'R1', alone, true],
    ['E1', 'W1', alone, false],
    ['W1', 'E1', alone, false],
    ['E1', 'A1', { phase: 'check_in' }, false],
    ['A1', 'R1', { phase: 'prepared' }, false],
    ['E1', 'A1', {}, true],
    ['A1', 'E1', {}, true],
    ['A1', 'W1', {}, false],
    ['W1', 'E1', { phase: 'closed' }, true],
    ['E1', 'E8', {}, true],
    ['E8', 'E1', {}, true],
    ['E1', 'E9', {}, true],
    ['E1', 'X1', {}, true],
    ['X1', 'E1', {}, true],
  ])('%s of %s', (listener, source, changes, expected) => {
    expect(isQuietByRule({ ...ROOM, ...changes }, listener, source)).toBe(expected);
  });
});
