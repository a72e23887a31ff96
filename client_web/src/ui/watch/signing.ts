/** How the signing of a lot's report goes: who has ended it in which way, with what this viewer may read of it. */

import type { Alias, LotId, RoomView, SigningEnd } from '../../protocol/generated';
import { entry } from '../../session/roomView';

export interface SigningRow {
  readonly alias: Alias;
  readonly isChair: boolean;
  /** Null for a member who has not answered yet. */
  readonly end: SigningEnd | null;
  /** The dissent, to whom it is open. */
  readonly dissent: string | null;
  /** What the chair minuted about a member who did not sign, to whom it is open. */
  readonly minute: string | null;
}

export interface LotSigning {
  readonly version: number;
  readonly isSealed: boolean;
  /** Members who have ended the signing; one who refused without a reason waits for the chair's minute. */
  readonly ended: number;
  readonly rows: readonly SigningRow[];
}

/** The signing of the report's present version; null before there is a report. */
export function signingOf(view: RoomView, lot: LotId): LotSigning | null {
  const report = entry(view.lots, lot)?.report ?? null;
  if (report === null) return null;
  const rows = report.members.map((alias) => ({
    alias,
    isChair: alias === view.chair,
    end: entry(report.ends, alias) ?? null,
    dissent: entry(report.dissents, alias) ?? null,
    minute: entry(report.minutes, alias) ?? null,
  }));
  return {
    version: report.version,
    isSealed: report.sealed_at !== null,
    ended: rows.filter(({ end }) => end !== null && end !== 'refused').length,
    rows,
  };
}
