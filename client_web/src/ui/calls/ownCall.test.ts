import { expect, test } from 'vitest';

import type { Alias, AnyEvent, RoomView } from '../../protocol/generated';
import { parseLine, type Line } from '../../session/line';
import { fold } from '../../session/fold';
import { GOLDEN_LOGS } from '../../session/testWorld/goldenLogs';
import { ANSWER_SHOWN_MS, isTold, mayCallStaff, ownCall } from './ownCall';

function line(seq: number, by: Alias, event: AnyEvent): Line {
  return { head: { seq, at: 1000 * seq, by, salt: 'AAAA' }, event };
}

const CALLED = line(5, 'E1', { type: 'staff_called', need: 'unwell' });
const OTHER = line(6, 'E2', { type: 'staff_called', need: 'device' });
const ANSWERED = line(7, 'H1', { type: 'staff_call_answered', alias: 'E1' });

test('a call waits until it is answered', () => {
  expect(ownCall([OTHER], 'E1')).toBeNull();
  expect(ownCall([CALLED, OTHER], 'E1')).toEqual({ state: 'waiting', need: 'unwell', at: 5000, seq: 5 });
  expect(ownCall([CALLED, OTHER, ANSWERED], 'E1')).toEqual({ state: 'answered', need: 'unwell', at: 7000, seq: 7 });
});

test('a call for something else takes the place of the last one', () => {
  const again = line(8, 'E1', { type: 'staff_called', need: 'network' });

  expect(ownCall([CALLED, ANSWERED, again], 'E1')).toEqual({ state: 'waiting', need: 'network', at: 8000, seq: 8 });
});

test('an answer is told until it is put away, or for two minutes', () => {
  const answer = { state: 'answered', need: 'unwell', at: 7000, seq: 7 } as const;

  expect(isTold(answer, null, 7000 + ANSWER_SHOWN_MS - 1)).toBe(true);
  expect(isTold(answer, null, 7000 + ANSWER_SHOWN_MS)).toBe(false);
  expect(isTold(answer, 7, 8000)).toBe(false);
  expect(isTold(answer, 3, 8000)).toBe(true);
});

test('a call that nobody answers is told for as long as it takes', () => {
  expect(isTold({ state: 'waiting', need: 'unwell', at: 0, seq: 5 }, null, 10 * ANSWER_SHOWN_MS)).toBe(true);
});

test('members, agent and witness can call until the room is closed, in a pause too', () => {
  const log = GOLDEN_LOGS.find(({ name }) => name === 'signed-reports');
  const closed = fold((log?.lines ?? []).map(parseLine));
  const open = { ...closed, phase: 'evaluation' as const };
  const able = (view: RoomView) => Object.keys(view.seats).filter((alias) => mayCallStaff(view, alias));
  const rolesOf = (aliases: string[]) => new Set(aliases.map((alias) => closed.seats[alias]?.role));

  expect(closed.phase).toBe('closed');
  expect(able(closed)).toEqual([]);
  expect(rolesOf(able(open))).toEqual(new Set(['agent', 'witness', 'expert', 'representative']));
  expect(able({ ...open, paused: '停电' })).toEqual(able(open));
});
