/** The tree of criteria as tables need it. */

import type {
  BidAlias,
  CriterionId,
  GivenCriterion,
  Group,
  LotPlan,
  MemberCriterion,
  PriceCriterion,
} from '../../protocol/generated';
import { decimal, product, type Decimal } from './decimals';

export type Node = Group | MemberCriterion | GivenCriterion | PriceCriterion;

/** A criterion that members score, with where it belongs and what its points count on the way up. */
export interface ScoredCriterion {
  readonly criterion: MemberCriterion;
  /** Titles of the groups above it, without the root's. */
  readonly path: readonly string[];
  readonly factor: Decimal;
}

const ONE = decimal('1');

/** The node and all below it, parents first. */
export function nodes(top: Node): Node[] {
  return [top, ...(top.kind === 'group' ? top.children.flatMap(nodes) : [])];
}

/** What one sheet asks for, in the scheme's order. */
export function scoredCriteria(root: Group): ScoredCriterion[] {
  return root.children.flatMap((child) => below(child, [], ONE));
}

function below(node: Node, path: readonly string[], factor: Decimal): ScoredCriterion[] {
  const weighted = product(factor, decimal(node.weight));
  if (node.kind === 'members') return [{ criterion: node, path, factor: weighted }];
  if (node.kind !== 'group') return [];
  return node.children.flatMap((child) => below(child, [...path, node.title], weighted));
}

/** The title of a criterion or group; its id where the scheme has none of that id. */
export function titleOf(root: Group, id: CriterionId): string {
  return nodes(root).find((node) => node.id === id)?.title ?? id;
}

/** Members' criteria at and below a node. */
export function criteriaUnder(root: Group, id: CriterionId): CriterionId[] {
  const top = nodes(root).find((node) => node.id === id);
  return top ? nodes(top).flatMap((node) => (node.kind === 'members' ? [node.id] : [])) : [];
}

/** Full marks of a node, before its own weight. */
export function fullPoints(node: Node): string {
  return node.kind === 'group' ? node.points : node.max_points;
}

/** A bid's title, which may say no more than its code does. */
export function bidTitle(plan: LotPlan, bid: BidAlias): string {
  return plan.bids[bid]?.title ?? bid;
}
