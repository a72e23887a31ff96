import { expect, test } from 'vitest';

import type { ReportPrecheck } from '../../protocol/generated';
import { forgetReport, keepReport, keptReport } from './keptReport';

const REPORT: ReportPrecheck = { type: 'report_precheck', marks: { udp: 'failed' }, clock_offset_ms: 3, line: null };

/** A window's storage. */
function storage(): Storage {
  const held = new Map<string, string>();
  return {
    getItem: (name: string) => held.get(name) ?? null,
    setItem: (name: string, value: string) => held.set(name, value),
    removeItem: (name: string) => held.delete(name),
  } as unknown as Storage;
}

test('a report is kept for the seat that was checked, until it is handed over', () => {
  const kept = storage();
  const seat = { room: 'r1', alias: 'E1' };
  keepReport(seat, REPORT, kept);

  expect(keptReport(seat, kept)).toEqual(REPORT);
  expect(keptReport({ room: 'r1', alias: 'E2' }, kept)).toBeNull();
  expect(keptReport({ room: 'r2', alias: 'E1' }, kept)).toBeNull();

  forgetReport(kept);

  expect(keptReport(seat, kept)).toBeNull();
});
