/**
 * What still blocks a step, as the console shows it; `server/domain/gates.py` asks the same where it refuses.
 *
 * Both are held to `tests/vectors/gates.json`.
 */

import type { Alias, LotId, Phase, RoomView, Seat, Stage } from '../../protocol/generated';
import { entry, membersOf } from '../../session/roomView';
import { owesAnnex } from '../signing/endings';

export type BlockerCode =
  | 'not_enrolled'
  | 'not_confirmed'
  | 'no_recusal_statement'
  | 'conflict_of_interest'
  | 'no_pledge'
  | 'sheet_pending'
  | 'prices_opened'
  | 'result_open'
  | 'report_missing'
  | 'signature_pending'
  | 'refusal_not_minuted'
  | 'annex_pending';

/** One thing that is missing, and who has to act. */
export interface Blocker {
  readonly code: BlockerCode;
  readonly alias: Alias | null;
}

/** What is missing before the chair can be elected. */
export function electionBlockers(view: RoomView): Blocker[] {
  return membersOf(view).flatMap((alias) => {
    const seat = view.seats[alias];
    return seat ? missingOf(seat).map((code) => ({ code, alias })) : [];
  });
}

/** What a member's check-in lacks. */
function missingOf(seat: Seat): BlockerCode[] {
  const facts: readonly (readonly [boolean, BlockerCode])[] = [
    [seat.key === null, 'not_enrolled'],
    [seat.key !== null && !seat.confirmed, 'not_confirmed'],
    [seat.conflict === null, 'no_recusal_statement'],
    [seat.conflict === true, 'conflict_of_interest'],
    [!seat.pledged, 'no_pledge'],
  ];
  return facts.filter(([isMissing]) => isMissing).map(([, code]) => code);
}

/** Whose sheets are missing before a stage of a lot can be concluded. */
export function stageBlockers(view: RoomView, lot: LotId, stage: Stage): Blocker[] {
  const pending = view.lots[lot]?.stages[stage]?.rounds.at(-1)?.pending ?? [];
  return pending.map((alias) => ({ code: 'sheet_pending', alias }));
}

/** Why no member can be replaced any more: a successor would score knowing the prices. */
export function replacementBlockers(view: RoomView): Blocker[] {
  const isOpen = Object.values(view.lots).some((lot) => lot.prices_opened_at !== null || lot.locked_at !== null);
  return isOpen ? [{ code: 'prices_opened', alias: null }] : [];
}

const WITH_RESULT: readonly Phase[] = ['locked', 'signing', 'sealed'];

/** Why no report can be issued yet: it opens the names, so every lot's result must be locked. */
export function reportBlockers(view: RoomView): Blocker[] {
  const isOpen = Object.values(view.lots).some(({ phase }) => !WITH_RESULT.includes(phase));
  return isOpen ? [{ code: 'result_open', alias: null }] : [];
}

/** Who has not ended the signing of a lot's report. */
export function sealBlockers(view: RoomView, lot: LotId): Blocker[] {
  const report = view.lots[lot]?.report ?? null;
  if (report === null) return [{ code: 'report_missing', alias: null }];
  return report.members.flatMap((alias): Blocker[] => {
    const end = entry(report.ends, alias);
    if (end === undefined) return [{ code: 'signature_pending', alias }];
    if (end === 'refused') return [{ code: 'refusal_not_minuted', alias }];
    return owesAnnex(report, alias, view) ? [{ code: 'annex_pending', alias }] : [];
  });
}
