/** Pieces of views for tests. */

import type { LotState, Role, Round, Seat } from '../../protocol/generated';
import { EMPTY_LOT } from '../fold';

export { EMPTY_LOT };

/** A seat at the main venue that has been confirmed. */
export function seat(role: Role, changes: Partial<Seat> = {}): Seat {
  return {
    role,
    venue: 'jia',
    key: 'k',
    confirmed: true,
    joined_at: null,
    moves: 0,
    conflict: null,
    pledged: false,
    successor: null,
    left_at: null,
    ...changes,
  };
}

/** A lot whose scores are given in these rounds. */
export function scoredIn(...rounds: readonly Round[]): LotState {
  return { ...EMPTY_LOT, phase: 'scoring', stages: { ...EMPTY_LOT.stages, scoring: { rounds } } };
}

/** E1 has still to hand in. */
export const OPEN: Round = { pending: ['E1'], handed_in: [], revealed_at: null };
