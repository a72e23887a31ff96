import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';

import type { AnyEvent } from '../protocol/generated';
import { apply, fold, Folding, LineOutOfPlace, UnknownEvent } from './fold';
import { parseLine, type Line } from './line';
import { leafHash, MerkleTree } from './merkleTree';
import { EMPTY_VIEW } from './roomView';
import { GOLDEN_LOGS, knownThen, type GoldenLog } from './testWorld/goldenLogs';

function linesOf(log: GoldenLog, seqs: readonly number[]): Line[] {
  return log.lines.filter((_, seq) => seqs.includes(seq)).map(parseLine);
}

const EVERY_VIEW = GOLDEN_LOGS.flatMap((log) =>
  Object.entries(log.views).map(([viewer, { seqs, view }]) => ({ log, name: log.name, viewer, seqs, view })),
);

describe('golden logs', () => {
  it('are there', () => {
    expect(GOLDEN_LOGS.length).toBeGreaterThan(0);
  });

  it.each(GOLDEN_LOGS)('$name: has the tree head that the server computed', ({ lines, head }) => {
    const tree = new MerkleTree();

    for (const line of lines) tree.append(leafHash(line));

    expect({ size: tree.size, root: bytesToHex(tree.root()) }).toEqual(head);
  });

  it.each(EVERY_VIEW)('$name: folds to what $viewer sees', ({ log, seqs, view }) => {
    expect(knownThen(fold(linesOf(log, seqs)), view)).toEqual(view);
  });

  it.each(EVERY_VIEW)('$name: folds to the same for $viewer when older lines come last', ({ log, seqs, view }) => {
    const lines = linesOf(log, seqs);
    const folding = new Folding();

    for (const part of [lines.filter((_, place) => place % 3 !== 1), lines.filter((_, place) => place % 3 === 1)]) {
      try {
        folding.take(part);
      } catch (error) {
        if (!(error instanceof LineOutOfPlace)) throw error; // a part alone need not make sense
      }
    }

    expect(knownThen(folding.view, view)).toEqual(view);
  });
});

const HEAD = { seq: 7, at: 0, by: 'E1', salt: '' };

function eventLine(event: AnyEvent): Line {
  return { head: HEAD, event };
}

describe('apply', () => {
  it('refuses a type that it does not know', () => {
    const line = eventLine({ type: 'moon_landed' } as unknown as AnyEvent);

    expect(() => apply(EMPTY_VIEW, line)).toThrow(UnknownEvent);
  });

  it.each<AnyEvent>([
    { type: 'seat_confirmed', alias: 'E1', key: '' },
    { type: 'seat_confirmed', alias: 'constructor', key: '' },
    { type: 'result_locked', lot: '1' },
    { type: 'stage_revealed', lot: null, stage: 'election', round: 1 },
  ])('refuses a line that speaks of what is not there: $type', (event) => {
    expect(() => apply(EMPTY_VIEW, eventLine(event))).toThrow(LineOutOfPlace);
  });
});

describe('Folding', () => {
  it('folds line by line as it does all at once', () => {
    for (const log of GOLDEN_LOGS) {
      const lines = log.lines.map(parseLine);
      const folding = new Folding();

      for (const line of lines) folding.take([line]);

      expect(folding.view).toEqual(fold(lines));
    }
  });

  it('changes nothing for no lines', () => {
    const folding = new Folding();

    expect(folding.take([])).toBe(EMPTY_VIEW);
  });
});
