/** One member's sheet of the preliminary examination while it is filled in. */

import type { BidAlias, Check, CheckId, HandInExamination, LotState, Verdict } from '../../protocol/generated';
import { cellName, type ReadCell } from './scoreSheet';

/** A finding as it is typed: none yet, passed, or failed with a reason that may still be empty. */
export type Finding = { readonly is: 'open' | 'passed' } | { readonly is: 'failed'; readonly reason: string };

const PASSED = 'pass';
const FAILED = 'fail:';

/** The finding that a cell holds. */
export function findingOf(value: string): Finding {
  if (value === PASSED) return { is: 'passed' };
  return value.startsWith(FAILED) ? { is: 'failed', reason: value.slice(FAILED.length) } : { is: 'open' };
}

/** What a cell holds for a finding. */
export function cellValue(finding: Finding): string {
  if (finding.is === 'failed') return FAILED + finding.reason;
  return finding.is === 'passed' ? PASSED : '';
}

/** Whether a finding can be handed in. */
export function isComplete(finding: Finding): boolean {
  return finding.is === 'passed' || (finding.is === 'failed' && finding.reason.trim() !== '');
}

/** How many findings of some bids can be handed in. */
export function completeCount(checks: readonly Check[], bids: readonly BidAlias[], read: ReadCell): number {
  return bids.flatMap((bid) => checks.filter((check) => isComplete(findingOf(read(cellName(bid, check.id)))))).length;
}

/** The sheet as it is handed in. */
export function verdictsOf(
  checks: readonly Check[],
  bids: readonly BidAlias[],
  read: ReadCell,
): HandInExamination['verdicts'] {
  const ofBid = (bid: BidAlias): Record<CheckId, Verdict> =>
    Object.fromEntries(checks.map(({ id }) => [id, verdictOf(findingOf(read(cellName(bid, id))))]));
  return Object.fromEntries(bids.map((bid) => [bid, ofBid(bid)]));
}

/** What a cell holds for a verdict that was handed in before. */
export function cellOfVerdict({ passed, reason }: Verdict): string {
  return cellValue(passed ? { is: 'passed' } : { is: 'failed', reason });
}

function verdictOf(finding: Finding): Verdict {
  return finding.is === 'failed' ? { passed: false, reason: finding.reason.trim() } : { passed: true, reason: '' };
}

/** How the members who take part judged a bid: the reasons against it by check, where a majority is against. */
export interface BidTally {
  readonly bid: BidAlias;
  readonly rejected: boolean;
  /** Checks with at least one finding against the bid. */
  readonly doubts: readonly Doubt[];
}

export interface Doubt {
  readonly check: CheckId;
  readonly against: readonly { readonly member: string; readonly reason: string }[];
  /** More than half of the members are against: the server counts the same way. */
  readonly decisive: boolean;
}

/** The tally of each bid over the revealed sheets. */
export function tallies(
  checks: readonly Check[],
  bids: readonly BidAlias[],
  members: readonly string[],
  verdicts: LotState['verdicts'],
): BidTally[] {
  return bids.map((bid) => {
    const doubts = checks
      .map(({ id }) => doubtOf(id, bid, members, verdicts))
      .filter((doubt) => doubt.against.length > 0);
    return { bid, doubts, rejected: doubts.some((doubt) => doubt.decisive) };
  });
}

function doubtOf(check: CheckId, bid: BidAlias, members: readonly string[], verdicts: LotState['verdicts']): Doubt {
  const against = members.flatMap((member) => {
    const verdict = verdicts[member]?.[bid]?.[check];
    return verdict?.passed === false ? [{ member, reason: verdict.reason }] : [];
  });
  return { check, against, decisive: against.length * 2 > members.length };
}
