/** The golden logs with their replay tables. */

import { parseLine, type Line } from '../../session/line';
import { GOLDEN_LOGS, type GoldenLog } from '../../session/testWorld/goldenLogs';
import type { ReplayTable } from '../replayTable';

const TABLES = import.meta.glob<ReplayTable>('../../../../tests/vectors/logs/*/replay.json', {
  import: 'default',
  eager: true,
});

/** A golden log as a replay is given it. */
export interface GoldenReplay {
  readonly log: GoldenLog;
  readonly name: string;
  readonly lines: readonly Line[];
  readonly table: ReplayTable;
}

/** Every golden log there is. */
export const GOLDEN_REPLAYS: readonly GoldenReplay[] = GOLDEN_LOGS.map((log) => ({
  log,
  name: log.name,
  lines: log.lines.map(parseLine),
  table: goldenTable(log.name),
}));

/** One of them by name. */
export function goldenReplay(name: string): GoldenReplay {
  const found = GOLDEN_REPLAYS.find((each) => each.name === name);
  if (found === undefined) throw new Error(`There is no golden log ${name}.`);
  return found;
}

function goldenTable(name: string): ReplayTable {
  const found = Object.entries(TABLES).find(([path]) => path.endsWith(`/${name}/replay.json`));
  if (found === undefined) throw new Error(`The golden log ${name} has no replay.json.`);
  return found[1];
}
