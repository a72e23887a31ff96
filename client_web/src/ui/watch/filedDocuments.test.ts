import { expect, test } from 'vitest';

import { fold } from '../../session/fold';
import { parseLine } from '../../session/line';
import { GOLDEN_LOGS } from '../../session/testWorld/goldenLogs';
import { filedDocuments } from './filedDocuments';

const LOG = GOLDEN_LOGS.find(({ name }) => name === 'signed-reports');

/** The documents that an alias may read at the end. */
function readBy(alias: string): string[] {
  const seqs = new Set(LOG?.views[alias]?.seqs ?? []);
  const lines = (LOG?.lines ?? []).map(parseLine).filter(({ head }) => seqs.has(head.seq));
  return filedDocuments(fold(lines)).map(({ lot, kind }) => `${lot} ${kind}`);
}

test('agent and supervisor may read every sealed report and the record of its signing', () => {
  const all = ['L1 report', 'L1 signing_record', 'L2 report', 'L2 signing_record'];

  expect(readBy('A1')).toEqual(all);
  expect(readBy('S1')).toEqual(all);
});

test('a witness may not', () => {
  expect(readBy('W1')).toEqual([]);
});
