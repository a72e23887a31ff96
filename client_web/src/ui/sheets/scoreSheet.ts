/** One member's score sheet while it is typed: what is wrong with a cell, how far it is, what it comes to. */

import type { BidAlias, CriterionId, HandInScores, MemberCriterion } from '../../protocol/generated';
import type { ScoredCriterion } from './criteria';
import { compared, decimal, isMultiple, parsed, product, shown, sum } from './decimals';

/** Why a cell cannot be handed in; `code` has a sentence. */
export type CellProblem =
  | { readonly code: 'malformed' }
  | { readonly code: 'places' }
  | { readonly code: 'out_of_range'; readonly min: string; readonly max: string }
  | { readonly code: 'off_unit'; readonly unit: string };

/** Reads a cell of the sheet by its name. */
export type ReadCell = (cell: string) => string;

const MAX_PLACES = 2;

export function cellName(bid: BidAlias, item: string): string {
  return `${bid}/${item}`;
}

/** What is wrong with a typed cell; null if nothing is, or nothing is typed yet. */
export function problemOf(criterion: MemberCriterion, text: string): CellProblem | null {
  if (text === '') return null;
  const points = parsed(text);
  if (points === null) return { code: 'malformed' };
  if (points.places > MAX_PLACES) return { code: 'places' };
  const { min_points: min, max_points: max, unit } = criterion;
  if (compared(points, decimal(min)) < 0 || compared(points, decimal(max)) > 0) {
    return { code: 'out_of_range', min, max };
  }
  return isMultiple(points, decimal(unit)) ? null : { code: 'off_unit', unit };
}

/** How many cells hold points that can be handed in. */
export function filled(criteria: readonly ScoredCriterion[], bids: readonly BidAlias[], read: ReadCell): number {
  return cells(criteria, bids).filter(({ criterion, cell }) => isGood(criterion, read(cell))).length;
}

/** What the good cells of a bid add up to, each with its weight. */
export function totalOf(criteria: readonly ScoredCriterion[], bid: BidAlias, read: ReadCell): string {
  const counted = criteria.filter(({ criterion }) => isGood(criterion, read(cellName(bid, criterion.id))));
  return shown(
    sum(counted.map(({ criterion, factor }) => product(decimal(read(cellName(bid, criterion.id))), factor))),
  );
}

/** Full marks of a sheet for one bid. */
export function fullTotal(criteria: readonly ScoredCriterion[]): string {
  return shown(sum(criteria.map(({ criterion, factor }) => product(decimal(criterion.max_points), factor))));
}

/** The sheet as it is handed in. */
export function pointsOf(
  criteria: readonly ScoredCriterion[],
  bids: readonly BidAlias[],
  read: ReadCell,
): HandInScores['points'] {
  const ofBid = (bid: BidAlias): Record<CriterionId, string> =>
    Object.fromEntries(criteria.map(({ criterion }) => [criterion.id, read(cellName(bid, criterion.id))]));
  return Object.fromEntries(bids.map((bid) => [bid, ofBid(bid)]));
}

function cells(criteria: readonly ScoredCriterion[], bids: readonly BidAlias[]) {
  return criteria.flatMap(({ criterion }) => bids.map((bid) => ({ criterion, cell: cellName(bid, criterion.id) })));
}

function isGood(criterion: MemberCriterion, text: string): boolean {
  return text !== '' && problemOf(criterion, text) === null;
}
