import { describe, expect, it, test } from 'vitest';

import type { LotState, RoomView } from '../../protocol/generated';
import type { Line } from '../../session/line';
import { EMPTY_VIEW } from '../../session/roomView';
import { EMPTY_LOT, seat } from '../../session/testWorld/views';
import { hasChat, messagesOf, silenceOf, unreadOf, type Silence } from './messages';

function line(seq: number, by: string, event: Line['event']): Line {
  return { head: { seq, at: 1000 + seq, by, salt: '' }, event };
}

const LINES = [
  line(3, 'E1', { type: 'message_sent', text: '第二标段是否先看？' }),
  line(4, 'H1', { type: 'room_resumed' }),
  line(7, 'E2', { type: 'message_sent', text: '可以。' }),
];

const ALONE: LotState = {
  ...EMPTY_LOT,
  stages: { ...EMPTY_LOT.stages, scoring: { rounds: [{ pending: ['E2'], handed_in: ['E1'], revealed_at: null }] } },
};

const ROOM: RoomView = {
  ...EMPTY_VIEW,
  phase: 'evaluation',
  seats: {
    E1: seat('expert'),
    R1: seat('representative'),
    E8: seat('expert', { confirmed: false }),
    H1: seat('host_operator'),
    G1: seat('agent'),
    W1: seat('witness'),
    S1: seat('supervisor'),
    U1: seat('auditor'),
  },
};

test('messages are told from other lines, with their place', () => {
  expect(messagesOf(LINES)).toEqual([
    { seq: 3, at: 1003, by: 'E1', text: '第二标段是否先看？' },
    { seq: 7, at: 1007, by: 'E2', text: '可以。' },
  ]);
});

test('what others have written since is unread', () => {
  const messages = messagesOf(LINES);

  expect([unreadOf(messages, -1, 'W1'), unreadOf(messages, 3, 'W1'), unreadOf(messages, -1, 'E2')]).toEqual([2, 1, 1]);
});

test('members write, witness and supervisor read along, nobody else has it', () => {
  expect(Object.keys(ROOM.seats).filter((alias) => hasChat(ROOM, alias))).toEqual(['E1', 'R1', 'E8', 'W1', 'S1']);
  expect(hasChat(ROOM, 'X1')).toBe(false);
});

describe('silenceOf', () => {
  it.each<[string, Partial<RoomView>, Silence | null]>([
    ['E1', {}, null],
    ['R1', { phase: 'check_in' }, null],
    ['E1', { phase: 'prepared' }, 'before_check_in'],
    ['E1', { paused: '断电' }, 'paused'],
    ['E1', { lots: { L1: ALONE } }, 'alone'],
    ['E1', { phase: 'closed' }, 'closed'],
    ['E8', {}, 'unconfirmed'],
    ['W1', {}, 'reads'],
  ])('%s in %o', (alias, changes, expected) => {
    expect(silenceOf({ ...ROOM, ...changes }, alias)).toBe(expected);
  });
});
