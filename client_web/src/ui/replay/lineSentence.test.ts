import { expect, test } from 'vitest';

import { operators } from '../../i18n/zhCNOperators';
import { replay } from '../../i18n/zhCNReplay';
import { GOLDEN_REPLAYS } from '../../replay/testWorld/goldenReplays';
import type { Line } from '../../session/line';
import { sentenceOf } from './lineSentence';

const FEED: Readonly<Record<string, string>> = operators.console.feed;
const OWN: Readonly<Record<string, string>> = replay.replay.line;

function templateOf(key: string): string | undefined {
  const name = key.split('.').at(-1) ?? '';
  return key.startsWith('console.feed.') ? FEED[name] : OWN[name];
}

/** A shared screen that comes and goes, of which the operators are told nothing. */
const OF_SCREENS = GOLDEN_REPLAYS.flatMap(({ lines }) => lines).flatMap(({ head, event }): Line[] =>
  event.type === 'recording_began' || event.type === 'recording_gap'
    ? [{ head, event: { ...event, kind: 'screen' } }]
    : [],
);
const LINES = [...GOLDEN_REPLAYS.flatMap(({ lines }) => lines), ...OF_SCREENS];

test('every line of every golden log, and of a screen, has a sentence that gets the facts it asks for', () => {
  const lacking = LINES.map(sentenceOf).flatMap(({ key, facts, words }) => {
    const asked = [...(templateOf(key) ?? '{sentence}').matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    return asked.filter((name) => !Object.hasOwn({ ...facts, ...words }, name)).map((name) => `${key}: ${name}`);
  });

  expect([...new Set(lacking)]).toEqual([]);
});

test('what the operators are told in the same words is not told in others', () => {
  const used = new Set(LINES.map((line) => sentenceOf(line).key));

  expect(Object.keys(OWN).filter((type) => !used.has(`replay.line.${type}`))).toEqual([]);
});
