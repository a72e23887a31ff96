import { expect, test } from 'vitest';

import type { RoomView } from '../../protocol/generated';
import { fold } from '../../session/fold';
import { parseLine } from '../../session/line';
import { GOLDEN_LOGS } from '../../session/testWorld/goldenLogs';
import { conflicts, nextSteps } from './nextStep';

const views = (name: string): RoomView[] => {
  const lines = GOLDEN_LOGS.find((log) => log.name === name)?.lines.map(parseLine) ?? [];
  return lines.map((_, place) => fold(lines.slice(0, place + 1)));
};

/** The steps one after the other, each told once. */
function course(name: string): string[] {
  const told = views(name).map((view) =>
    nextSteps(view)
      .map(({ step }) => step)
      .join(' '),
  );
  return told.filter((step, place) => step !== told[place - 1]);
}

test('a plain sitting is led through every step', () => {
  expect(course('plain')).toEqual([
    'open_check_in',
    'open_election',
    'election',
    'examination',
    'conclude_examination',
    'scoring',
    'score_prices',
    'lock_result',
    'locked',
    '',
  ]);
});

test('a sitting goes on to its sealed reports', () => {
  const steps = course('signed-reports');

  expect(steps).toContain('signing locked'); // the second lot waits for the chair while the first is signed
  expect(steps.slice(-4)).toEqual(['sealed signing', 'sealed seal_report', 'sealed sealed', '']);
});

test('the election is blocked until every member has checked in, the check-in is only advised against', () => {
  for (const view of views('plain')) {
    for (const next of nextSteps(view)) {
      if (next.by === 'host') expect(next.isBlocked).toBe(next.step === 'open_election' && next.waitsFor.length > 0);
    }
  }
});

test('a conflict is told with its grounds until the member is replaced', () => {
  const seen = views('replaced-members').map((view) => conflicts(view).map(({ alias, grounds }) => [alias, grounds]));
  const told = seen.filter((each, place) => JSON.stringify(each) !== JSON.stringify(seen[place - 1]));

  expect(told.map((each) => each.length)).toEqual([0, 1, 1, 0]);
  expect(told[1]?.[0]?.[1]).toBeNull();
  expect(told[2]?.[0]?.[1]).not.toBe('');
});
