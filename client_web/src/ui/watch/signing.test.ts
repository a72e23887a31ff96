import { expect, test } from 'vitest';

import { fold } from '../../session/fold';
import { parseLine } from '../../session/line';
import { GOLDEN_LOGS } from '../../session/testWorld/goldenLogs';
import { signingOf } from './signing';

const LOG = GOLDEN_LOGS.find(({ name }) => name === 'signed-reports');
const LINES = LOG?.lines.map(parseLine) ?? [];

/** What an alias sees at the end. */
function seenBy(alias: string) {
  const seqs = new Set(LOG?.views[alias]?.seqs ?? []);
  const view = fold(LINES.filter(({ head }) => seqs.has(head.seq)));
  return Object.keys(view.lots).map((lot) => signingOf(view, lot));
}

test('there is nothing to tell before there is a report', () => {
  const view = fold(
    LINES.slice(
      0,
      LINES.findIndex(({ event }) => event.type === 'signing_opened'),
    ),
  );

  expect(Object.keys(view.lots).map((lot) => signingOf(view, lot))).toEqual(Object.keys(view.lots).map(() => null));
});

test('each member asked to sign has ended it in the one way that the record tells', () => {
  const view = fold(LINES);

  for (const [lot, { report }] of Object.entries(view.lots)) {
    const signing = signingOf(view, lot);
    expect(signing?.rows.map(({ alias }) => alias)).toEqual(report?.members);
    expect(signing?.ended).toBe(report?.members.length);
    expect(signing?.isSealed).toBe(true);
    expect(Object.fromEntries(signing?.rows.map(({ alias, end }) => [alias, end]) ?? [])).toEqual(report?.ends);
  }
});

test('a dissent is told to the supervisor, and not to the witness', () => {
  const dissents = (alias: string) => seenBy(alias).flatMap((lot) => lot?.rows.flatMap(({ dissent }) => dissent ?? []));

  expect(dissents('S1').length).toBeGreaterThan(0);
  expect(dissents('W1')).toEqual([]);
  expect(seenBy('W1').map((lot) => lot?.rows.map(({ end }) => end))).toEqual(
    seenBy('S1').map((lot) => lot?.rows.map(({ end }) => end)),
  );
});

test('who refused without a reason has not ended the signing before the chair has minuted it', () => {
  const at = LINES.findIndex(({ event }) => event.type === 'report_answered' && event.end === 'refused');
  const view = fold(LINES.slice(0, at + 1));
  const { event, head } = LINES[at] ?? {};
  const lot = event?.type === 'report_answered' ? event.lot : '';
  const signing = signingOf(view, lot);

  expect(signing?.rows.find(({ alias }) => alias === head?.by)?.end).toBe('refused');
  expect(signing?.ended).toBe((signing?.rows.filter(({ end }) => end !== null).length ?? 0) - 1);
});
