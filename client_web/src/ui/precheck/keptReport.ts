/** What a pre-check has found, kept by this window until it stands in the record. */

import type { ReportPrecheck } from '../../protocol/generated';
import type { KeptSeat } from '../entry/keptSeat';

type Holder = Pick<KeptSeat, 'room' | 'alias'>;

interface Kept extends Holder {
  readonly report: ReportPrecheck;
}

const KEPT_UNDER = 'lianping.precheck';

export function keepReport({ room, alias }: Holder, report: ReportPrecheck, storage: Storage = sessionStorage): void {
  storage.setItem(KEPT_UNDER, JSON.stringify({ room, alias, report } satisfies Kept));
}

/** The report of this seat that has not been handed over, if there is one. */
export function keptReport({ room, alias }: Holder, storage: Storage = sessionStorage): ReportPrecheck | null {
  const text = storage.getItem(KEPT_UNDER);
  if (text === null) return null;
  const kept = JSON.parse(text) as Kept;
  return kept.room === room && kept.alias === alias ? kept.report : null;
}

export function forgetReport(storage: Storage = sessionStorage): void {
  storage.removeItem(KEPT_UNDER);
}
