import { expect, test } from 'vitest';

import type { RoomView, Stage } from '../../protocol/generated';
import { fold } from '../../session/fold';
import { parseLine } from '../../session/line';
import { GOLDEN_LOGS } from '../../session/testWorld/goldenLogs';
import {
  electionBlockers,
  replacementBlockers,
  reportBlockers,
  sealBlockers,
  stageBlockers,
  type Blocker,
} from './gates';

type Plain = readonly (readonly [code: string, alias: string | null])[];

/** What blocks each step from this size of the log on. */
interface GateRecord {
  readonly size: number;
  readonly election: Plain;
  readonly replacement: Plain;
  readonly report: Plain;
  readonly seals: Readonly<Record<string, Plain>>;
  readonly stages: Readonly<Record<string, Plain>>;
}

const RECORDS = import.meta.glob<readonly GateRecord[]>('../../../../tests/vectors/gates/*.json', {
  import: 'default',
  eager: true,
});

const plain = (blockers: readonly Blocker[]): Plain => blockers.map(({ code, alias }) => [code, alias]);

function gates(view: RoomView): Omit<GateRecord, 'size'> {
  const stages = Object.entries(view.lots).flatMap(([lot, { stages: ofLot }]) =>
    Object.keys(ofLot).map((stage): [string, Plain] => [
      `${lot}/${stage}`,
      plain(stageBlockers(view, lot, stage as Stage)),
    ]),
  );
  return {
    election: plain(electionBlockers(view)),
    replacement: plain(replacementBlockers(view)),
    report: plain(reportBlockers(view)),
    seals: Object.fromEntries(Object.keys(view.lots).map((lot) => [lot, plain(sealBlockers(view, lot))])),
    stages: Object.fromEntries(stages),
  };
}

test.each(GOLDEN_LOGS)('$name: the page shows what the server would refuse for', ({ name, lines }) => {
  const records = RECORDS[`../../../../tests/vectors/gates/${name}.json`] ?? [];

  const seen = records.map(({ size }) => ({ size, ...gates(fold(lines.slice(0, size).map(parseLine))) }));

  expect(records.length).toBeGreaterThan(3);
  expect(seen).toEqual(records);
});
