import { expect, test } from 'vitest';

import type { Alias, AnyEvent, Role, RoomView, StaffNeed } from '../../protocol/generated';
import type { Line } from '../../session/line';
import { EMPTY_VIEW } from '../../session/roomView';
import { seat } from '../../session/testWorld/views';
import type { Me } from '../roomPort';
import { minutesAndSeconds, staffCalls } from './staffCalls';

const SEATS: [Alias, Role, string][] = [
  ['H1', 'host_operator', 'jia'],
  ['V1', 'venue_operator', 'yi'],
  ['W1', 'witness', 'jia'],
  ['E1', 'expert', 'jia'],
  ['E2', 'expert', 'yi'],
];

const VIEW: RoomView = {
  ...EMPTY_VIEW,
  phase: 'check_in',
  seats: Object.fromEntries(SEATS.map(([alias, role, venue]) => [alias, seat(role, { venue })])),
};

function line(seq: number, by: Alias, event: AnyEvent): Line {
  return { head: { seq, at: 1000 * seq, by, salt: 'AAAA' }, event };
}

const called = (seq: number, by: Alias, need: StaffNeed): Line => line(seq, by, { type: 'staff_called', need });
const answered = (seq: number, alias: Alias): Line => line(seq, 'H1', { type: 'staff_call_answered', alias });

function seen(lines: Line[], by: Alias, view = VIEW) {
  const { role, venue } = view.seats[by] ?? seat('expert');
  const me: Me = { room: 'r', alias: by, role, venue, fingerprint: '00' };
  return staffCalls({ lines, view, me });
}

test('calls are listed from the oldest on, each with everything it asks for', () => {
  const lines = [called(5, 'E2', 'network'), called(6, 'E1', 'device'), called(9, 'E2', 'unwell')];

  expect(seen(lines, 'V1')).toEqual([
    { seat: 'E2', needs: ['network', 'unwell'], since: 5000, venue: 'yi', isMine: true },
    { seat: 'E1', needs: ['device'], since: 6000, venue: 'jia', isMine: false },
  ]);
});

test('an answered call is over; another one begins anew', () => {
  const over = [called(5, 'E1', 'device'), answered(7, 'E1')];

  expect(seen(over, 'H1')).toEqual([]);
  expect(seen([...over, called(8, 'E1', 'device')], 'H1')).toEqual([
    { seat: 'E1', needs: ['device'], since: 8000, venue: 'jia', isMine: true },
  ]);
});

test('who watches at the same venue has nothing to answer', () => {
  expect(seen([called(5, 'E1', 'device')], 'W1').map(({ isMine }) => isMine)).toEqual([false]);
});

test('in a pause the operators answer as before', () => {
  expect(seen([called(5, 'E1', 'device')], 'H1', { ...VIEW, paused: '停电' })[0]?.isMine).toBe(true);
});

test('nobody waits who has been replaced, or in a closed room', () => {
  const gone = { ...VIEW.seats, E1: seat('expert', { left_at: 6 }) };

  expect(seen([called(5, 'E1', 'device')], 'H1', { ...VIEW, seats: gone })).toEqual([]);
  expect(seen([called(5, 'E1', 'device')], 'H1', { ...VIEW, phase: 'closed' })).toEqual([]);
});

test.each([
  [0, '0:00'],
  [65_999, '1:05'],
  [3_600_000, '60:00'],
  [-2000, '0:00'],
])('%i ms are %s', (span, shown) => {
  expect(minutesAndSeconds(span)).toBe(shown);
});
