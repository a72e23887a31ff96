import { expect, test } from 'vitest';

import type { RoomView } from '../../protocol/generated';
import { fold } from '../../session/fold';
import { parseLine, type Line } from '../../session/line';
import { GOLDEN_LOGS } from '../../session/testWorld/goldenLogs';
import { membersOf } from '../../session/roomView';
import { roomGlance } from './roomGlance';

const LINES = GOLDEN_LOGS.find(({ name }) => name === 'signed-reports')?.lines.map(parseLine) ?? [];

/** The room at the first line after which a condition is met. */
function once(isMet: (view: RoomView) => boolean): { view: RoomView; lines: readonly Line[] } {
  for (let size = 1; size <= LINES.length; size++) {
    const lines = LINES.slice(0, size);
    const view = fold(lines);
    if (isMet(view)) return { view, lines };
  }
  throw new RangeError('The log never comes so far.');
}

test('there is nothing to say before the first line', () => {
  expect(roomGlance({ view: fold([]), lines: [], presence: new Set() })).toBeNull();
});

test('the check-in: since when, who is there, who has pledged', () => {
  const room = once(({ seats }) => Object.values(seats).some(({ pledged }) => pledged));
  const [first = '', ...others] = membersOf(room.view);
  const began = room.lines.filter(({ event }) => event.type === 'phase_changed').at(-1);

  const glance = roomGlance({ ...room, presence: new Set([first]) });

  expect(glance).toMatchObject({
    title: room.view.opening?.title,
    phase: 'check_in',
    lot: null,
    since: began?.head.at,
    present: { done: 1, all: others.length + 1 },
    parts: { done: 1, all: others.length + 1 },
  });
  expect(glance?.missing).toHaveLength(others.length);
});

test('the evaluation tells of the lot that is least far', () => {
  const room = once(({ lots }) => Object.values(lots).every(({ phase }) => phase === 'examination'));
  const glance = roomGlance({ ...room, presence: new Set() });

  expect(glance?.phase).toBe('examination');
  expect(glance?.lot === null).toBe(Object.keys(room.view.opening?.lots ?? {}).length === 1);
  expect(glance?.parts?.done).toBe(0);
});

test('a closed room waits for nobody', () => {
  const room = once(({ phase }) => phase === 'closed');

  expect(roomGlance({ ...room, presence: new Set() })).toMatchObject({ phase: 'closed', parts: null, missing: [] });
});
