import { expect, test } from 'vitest';

import type { RoomOpened, RoomView, Seat } from '../../protocol/generated';
import { EMPTY_VIEW } from '../../session/roomView';
import { mayWaive, waivers } from './waivers';

const EXPERT = { role: 'expert', confirmed: true, left_at: null } as Seat;

function room(recording: 'kept' | 'required', changes: Partial<RoomView> = {}): RoomView {
  const opening = { policy: { member_names: 'never', retention_years: 15, recording } } as RoomOpened;
  const seats = {
    E1: EXPERT,
    E2: { ...EXPERT, left_at: 90 },
    W1: { ...EXPERT, role: 'witness' as const },
    H1: { ...EXPERT, role: 'host_operator' as const },
  };
  return { ...EMPTY_VIEW, opening, phase: 'check_in', seats, ...changes };
}

test('waivers are told with their reasons, for those who still take part', () => {
  const given = { E1: { video: '摄像头损坏', audio: '声卡损坏' }, E2: { video: '线路中断' } };

  expect(waivers(room('required', { waivers: given }))).toEqual([
    { alias: 'E1', kind: 'video', reason: '摄像头损坏' },
    { alias: 'E1', kind: 'audio', reason: '声卡损坏' },
  ]);
  expect(waivers(room('required', { waivers: given, phase: 'closed' }))).toEqual([]);
});

test('the main venue may let a member off where a sheet waits for the recording', () => {
  expect(mayWaive(room('required'), 'H1', 'E1')).toBe(true);
  expect(mayWaive(room('kept'), 'H1', 'E1')).toBe(false);
  expect(mayWaive(room('required'), 'W1', 'E1')).toBe(false);
  expect(mayWaive(room('required'), 'H1', 'W1')).toBe(false);
  expect(mayWaive(room('required', { paused: '断电' }), 'H1', 'E1')).toBe(false);
});
