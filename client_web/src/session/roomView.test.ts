import { describe, expect, it } from 'vitest';

import type { LotState, RoomView, Round, StageState } from '../protocol/generated';
import { EMPTY_VIEW, entry, mayAsk, membersOf, openRound, openSheets, phaseFor, rolesOf } from './roomView';
import { EMPTY_LOT, seat } from './testWorld/views';

function round(pending: readonly string[], revealed_at: number | null): Round {
  return { pending, handed_in: [], revealed_at };
}

function lot(examination: StageState, scoring: StageState): LotState {
  return { ...EMPTY_LOT, phase: 'scoring', stages: { examination, scoring } };
}

const VIEW: RoomView = {
  ...EMPTY_VIEW,
  phase: 'evaluation',
  chair: 'E2',
  seats: {
    H1: seat('host_operator'),
    E1: seat('expert', { left_at: 9 }),
    E2: seat('expert'),
    R1: seat('representative'),
  },
  lots: { '1': lot({ rounds: [round([], 7)] }, { rounds: [round([], 20), round(['E2'], null)] }) },
};

describe('entry', () => {
  it('finds what the record holds, and nothing that every object has', () => {
    expect([entry({ a: 1 }, 'a'), entry({ a: 1 }, 'b'), entry({}, 'constructor')]).toEqual([1, undefined, undefined]);
  });
});

describe('openRound', () => {
  it.each<[number | null, StageState]>([
    [null, { rounds: [] }],
    [null, { rounds: [round([], 4)] }],
    [1, { rounds: [round(['E1'], null)] }],
    [2, { rounds: [round([], 4), round([], null)] }],
  ])('is %j', (number, stage) => {
    expect(openRound(stage)).toBe(number);
  });
});

describe('openSheets', () => {
  it('lists what an alias has still to hand in', () => {
    expect([openSheets(VIEW, 'E2'), openSheets(VIEW, 'R1')]).toEqual([[{ lot: '1', stage: 'scoring', round: 2 }], []]);
  });

  it('lists the ballot without a lot', () => {
    const view = { ...EMPTY_VIEW, election: { ...EMPTY_VIEW.election, stage: { rounds: [round(['E2'], null)] } } };

    expect(openSheets(view, 'E2')).toEqual([{ lot: null, stage: 'election', round: 1 }]);
  });
});

describe('rolesOf', () => {
  it.each([
    ['E2', ['expert', 'chair']],
    ['R1', ['representative']],
    ['X9', []],
  ])('of %s: %j', (alias, roles) => {
    expect(rolesOf(VIEW, alias)).toEqual(roles);
  });
});

describe('membersOf', () => {
  it('gives those who take part now', () => {
    expect(membersOf(VIEW)).toEqual(['E2', 'R1']);
  });
});

describe('phaseFor', () => {
  it('is the lot phase for the commands of a lot, in the evaluation', () => {
    expect([
      phaseFor(VIEW, 'hand_in_scores', '1'),
      phaseFor(VIEW, 'hand_in_scores', '9'),
      phaseFor(VIEW, 'close_room', '1'),
      phaseFor({ ...VIEW, phase: 'check_in' }, 'hand_in_scores', '1'),
      phaseFor({ ...VIEW, paused: '断电' }, 'hand_in_scores', '1'),
    ]).toEqual(['scoring', 'evaluation', 'evaluation', 'check_in', 'paused']);
  });
});

describe('mayAsk', () => {
  it('follows the table of the server', () => {
    expect([
      mayAsk(VIEW, 'R1', 'hand_in_scores', '1'),
      mayAsk(VIEW, 'H1', 'hand_in_scores', '1'),
      mayAsk(VIEW, 'E2', 'return_sheet', '1'),
      mayAsk(VIEW, 'R1', 'return_sheet', '1'),
      mayAsk(VIEW, 'H1', 'pause_room'),
      mayAsk({ ...VIEW, paused: '断电' }, 'H1', 'pause_room'),
    ]).toEqual([true, false, true, false, true, false]);
  });
});
