import { expect, test } from 'vitest';

import { EMPTY_VIEW } from '../../session/roomView';
import type { PrecheckMark, PrecheckPart, RoomView } from '../../protocol/generated';
import { seat } from '../../session/testWorld/views';
import { isAskedFor, seatPrecheck } from './seatPrecheck';

function view(marks?: Partial<Record<PrecheckPart, PrecheckMark>>, phase: RoomView['phase'] = 'check_in'): RoomView {
  const found = marks && { E1: { at: 5, marks, clock_offset_ms: null, line: null } };
  return {
    ...EMPTY_VIEW,
    phase,
    seats: { E1: seat('expert'), E2: seat('expert', { moves: 1 }), S1: seat('supervisor') },
    prechecks: found ?? {},
  };
}

test('a seat is as good as its worst part, and what is to be looked at is named in order', () => {
  expect(seatPrecheck(view({ camera: 'passed', udp: 'passed' }), 'E1')).toEqual({ state: 'passed', parts: [] });
  expect(seatPrecheck(view({ line: 'warned', clock: 'warned', udp: 'passed' }), 'E1')).toEqual({
    state: 'warned',
    parts: ['clock', 'line'],
  });
  expect(seatPrecheck(view({ line: 'warned', udp: 'failed', camera: 'failed' }), 'E1')).toEqual({
    state: 'failed',
    parts: ['camera', 'udp'],
  });
});

test('a computer that was not checked has no result, and who only watches is not asked for one', () => {
  expect(seatPrecheck(view(), 'E1')).toEqual({ state: 'none', parts: [] });
  expect([seatPrecheck(view(), 'S1'), seatPrecheck(view(), 'E9')]).toEqual([null, null]);
});

test('the check is asked for before the evaluation, and later of a seat that was moved', () => {
  expect(isAskedFor(view(), 'E1')).toBe(true);
  expect([isAskedFor(view(undefined, 'evaluation'), 'E1'), isAskedFor(view(undefined, 'evaluation'), 'E2')]).toEqual([
    false,
    true,
  ]);
  expect([isAskedFor(view(undefined, 'closed'), 'E2'), isAskedFor(view(), 'E9')]).toEqual([false, false]);
});
