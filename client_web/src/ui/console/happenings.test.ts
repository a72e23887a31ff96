import { expect, test } from 'vitest';

import { operators } from '../../i18n/zhCNOperators';
import { NO_SPACE } from '../../protocol/generated';
import { parseLine, type Line } from '../../session/line';
import { GOLDEN_LOGS } from '../../session/testWorld/goldenLogs';
import { happenings, withTitles } from './happenings';

const HEAD = { at: 1_800_000_000_000, salt: 'AAAA' };

const LINES: Line[] = [
  { head: { ...HEAD, seq: 4, by: 'E1' }, event: { type: 'recusal_stated', conflict: true } },
  { head: { ...HEAD, seq: 5, by: 'E1' }, event: { type: 'recusal_grounds', grounds: '曾任顾问' } },
  { head: { ...HEAD, seq: 6, by: 'H1' }, event: { type: 'phase_changed', phase: 'check_in' } },
];

test('the newest comes first, and what is told in confidence is not in it', () => {
  const told = happenings(LINES);

  expect(told).toEqual([
    { seq: 6, at: HEAD.at, tone: 'plain', code: 'phase_changed', facts: {}, words: { phase: 'phase.check_in' } },
    { seq: 4, at: HEAD.at, tone: 'bad', code: 'conflict_stated', facts: { seat: 'E1' }, words: {} },
  ]);
});

test('a lot is told by its title', () => {
  const lots = { L1: { title: '一标段' } };

  expect(withTitles({ lot: 'L1', seat: 'E1' }, lots)).toEqual({ lot: '一标段', seat: 'E1' });
  expect(withTitles({ lot: 'L2' }, lots)).toEqual({ lot: 'L2' });
  expect(withTitles({ seat: 'L1' }, lots)).toEqual({ seat: 'L1' });
});

test('every sentence is there and gets the facts it asks for', () => {
  const told = GOLDEN_LOGS.flatMap(({ lines }) => happenings(lines.map(parseLine)));
  const sentences: Record<string, string> = operators.console.feed;

  const lacking = told.flatMap(({ code, facts, words }) => {
    const asked = [...(sentences[code] ?? '{no sentence}').matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    return asked.filter((name) => !Object.hasOwn({ ...facts, ...words }, name ?? '')).map((name) => [code, name]);
  });

  expect(lacking).toEqual([]);
  expect(new Set(told.map(({ code }) => code))).toEqual(new Set(Object.keys(sentences)));
});

test("a pause has the person's reason as it was written, and the server's own in words", () => {
  const head = { ...HEAD, seq: 7, by: 'H1' };
  const paused = (reason: string): Line => ({ head, event: { type: 'room_paused', reason } });

  expect(happenings([paused(NO_SPACE), paused('停电')]).map(({ facts, words }) => ({ ...facts, ...words }))).toEqual([
    { reason: '停电' },
    { reason: 'pause.no_space' },
  ]);
});
