import { expect, test } from 'vitest';

import type { RoomView } from '../../protocol/generated';
import { fold } from '../../session/fold';
import { parseLine } from '../../session/line';
import { GOLDEN_LOGS } from '../../session/testWorld/goldenLogs';
import { lotsProgress, roomProgress, type StepProgress } from './stages';

const LINES = GOLDEN_LOGS.find(({ name }) => name === 'signed-reports')?.lines.map(parseLine) ?? [];

/** The first state of the room that meets a condition. */
function once(isMet: (view: RoomView) => boolean): RoomView {
  let view = fold([]);
  for (const line of LINES) {
    view = fold([line], view);
    if (isMet(view)) return view;
  }
  throw new RangeError('The log never comes so far.');
}

const states = (steps: readonly StepProgress[]) => steps.map(({ step, state }) => `${step} ${state}`);
const firstLot = (view: RoomView) => lotsProgress(view)[0]?.steps ?? [];

test('before the check-in everything is to come', () => {
  const view = once(({ seats }) => 'E1' in seats);

  expect(states(roomProgress(view))).toEqual(['check_in ahead', 'chair_election ahead']);
  expect(firstLot(view).every(({ state }) => state === 'ahead')).toBe(true);
});

test('the check-in counts those who have pledged and names the others', () => {
  const view = once(({ seats }) => seats['E1']?.pledged === true);
  const [checkIn] = roomProgress(view);

  expect(checkIn?.state).toBe('current');
  expect(checkIn?.parts?.done).toBe(1);
  expect(checkIn?.missing).not.toContain('E1');
  expect(checkIn?.missing).toHaveLength((checkIn?.parts?.all ?? 0) - 1);
});

test('a stage counts who has handed in, and says no more of it', () => {
  const view = once(({ lots }) => Object.values(lots)[0]?.stages.examination?.rounds[0]?.handed_in.length === 1);
  const [examination, scoring] = firstLot(view);

  expect(states(roomProgress(view))).toEqual(['check_in done', 'chair_election done']);
  expect(examination).toMatchObject({ state: 'current', parts: { done: 1 } });
  expect(examination?.missing.length).toBe((examination?.parts?.all ?? 0) - 1);
  expect(scoring).toEqual({ step: 'scoring', state: 'ahead', parts: null, missing: [] });
});

test('after the lock comes the signing, which counts the ends', () => {
  const locked = once(({ lots }) => Object.values(lots)[0]?.phase === 'locked');
  expect(firstLot(locked).at(-1)).toEqual({ step: 'signing', state: 'current', parts: null, missing: [] });

  const signing = once(({ lots }) => Object.keys(Object.values(lots)[0]?.report?.ends ?? {}).length === 1);
  const step = firstLot(signing).at(-1);
  expect(step).toMatchObject({ step: 'signing', state: 'current' });
  expect((step?.parts?.done ?? 0) + (step?.missing.length ?? 0)).toBe(step?.parts?.all);
});

test('in the end everything is done', () => {
  const end = fold(LINES);

  expect([...roomProgress(end), ...lotsProgress(end).flatMap(({ steps }) => steps)].map(({ state }) => state)).toEqual(
    Array.from({ length: 2 + 5 * lotsProgress(end).length }, () => 'done'),
  );
});
