import { expect, test } from 'vitest';

import type { RoomOpened, RoomView, Seat } from '../../protocol/generated';
import { EMPTY_VIEW } from '../../session/roomView';
import { bySeat, ownUnrecorded, unrecorded } from './unrecorded';

const SEAT = { role: 'expert', confirmed: true, left_at: null } as Seat;

function recorded(recording: 'off' | 'kept' | 'required', changes: Partial<RoomView> = {}): RoomView {
  const opening = { policy: { member_names: 'never', retention_years: 15, recording } } as RoomOpened;
  const seats = { E1: SEAT, E2: SEAT, S1: { ...SEAT, role: 'supervisor' as const } };
  const recordings = {
    E1: { audio: { since: 1, gap: null }, video: { since: 2, gap: 'silent' as const } },
    E2: { audio: { since: 1, gap: null } },
  };
  return { ...EMPTY_VIEW, opening, phase: 'evaluation', seats, recordings, ...changes };
}

test('what is not recorded is told with its reason', () => {
  expect(unrecorded(recorded('kept'))).toEqual([
    { alias: 'E1', kind: 'video', gap: 'silent' },
    { alias: 'E2', kind: 'video', gap: null },
  ]);
});

test('a room that records nothing, or not yet, or no more, misses nothing', () => {
  expect(unrecorded(recorded('off'))).toEqual([]);
  expect(unrecorded({ ...recorded('required'), phase: 'prepared' })).toEqual([]);
  expect(unrecorded({ ...recorded('required'), phase: 'closed' })).toEqual([]);
});

test('what is waived is not missed', () => {
  const waivers = { E1: { video: '摄像头损坏' } };

  expect(unrecorded(recorded('required', { waivers }))).toEqual([{ alias: 'E2', kind: 'video', gap: null }]);
  expect(ownUnrecorded(recorded('required', { waivers }), 'E1')).toEqual([]);
});

test('who is not confirmed yet, or has left, is not recorded and not missed', () => {
  const seats = { E1: { ...SEAT, confirmed: false }, E2: { ...SEAT, left_at: 9 } };

  expect(unrecorded(recorded('required', { seats }))).toEqual([]);
});

test('a member is told only where the sheet waits for the recording', () => {
  expect(ownUnrecorded(recorded('kept'), 'E1')).toEqual([]);
  expect(ownUnrecorded(recorded('required'), 'E1')).toEqual([{ alias: 'E1', kind: 'video', gap: 'silent' }]);
  expect(ownUnrecorded(recorded('required', { recordings: {} }), 'E2').map(({ kind }) => kind)).toEqual([
    'video',
    'audio',
  ]);
});

test('camera and microphone of a seat stand in one row where the reason is the same', () => {
  const recordings = {
    E1: { audio: { since: 1, gap: 'silent' as const }, video: { since: 2, gap: 'silent' as const } },
  };
  const rows = bySeat(unrecorded(recorded('kept', { recordings })));

  expect(rows).toEqual([
    { alias: 'E1', kinds: ['video', 'audio'], gap: 'silent' },
    { alias: 'E2', kinds: ['video', 'audio'], gap: null },
  ]);
  expect(bySeat(unrecorded(recorded('kept')))).toHaveLength(2);
});

test('a room camera is missed as a seat is, its sound once it has come', () => {
  const cameras: RoomView['cameras'] = {
    C1: { venue: 'jia', label: '场地全景', removed_at: null },
    C2: { venue: 'jia', label: '入口', removed_at: 9 },
    C3: { venue: 'yi', label: '场地全景', removed_at: null },
    C4: { venue: 'yi', label: '讲台', removed_at: null },
  };
  const recordings = {
    C3: { video: { since: 1, gap: 'disconnected' as const }, audio: { since: 1, gap: 'disconnected' as const } },
    C4: { video: { since: 1, gap: null } },
  };
  const missed = (changes: Partial<RoomView> = {}) =>
    unrecorded(recorded('kept', { seats: {}, cameras, recordings, ...changes }));

  expect(missed()).toEqual([
    { alias: 'C1', kind: 'video', gap: null },
    { alias: 'C3', kind: 'video', gap: 'disconnected' },
    { alias: 'C3', kind: 'audio', gap: 'disconnected' },
  ]);
  expect(missed({ phase: 'closed' })).toEqual([]);
});
