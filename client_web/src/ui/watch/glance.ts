/** All venues at a glance: every seat's state in one word, and how many seats of a venue are in which. */

import type { SeatRow, VenueRows } from '../console/seatRows';

/** `confirmed`: of a seat whose presence nobody is told. */
export type SeatState = 'vacant' | 'unconfirmed' | 'confirmed' | 'present' | 'away' | 'unknown';

/** In the order in which a seat goes through them; what is amiss comes last. */
const STATES: readonly SeatState[] = ['present', 'confirmed', 'vacant', 'unconfirmed', 'away', 'unknown'];

/** How it stands with a seat. */
export function seatState({ key, presence }: Pick<SeatRow, 'key' | 'presence'>): SeatState {
  if (key === 'vacant') return 'vacant';
  if (key === 'enrolled') return 'unconfirmed';
  return presence === 'unseen' ? 'confirmed' : presence;
}

/** How many seats of a venue are in which state; states that no seat is in are left out. */
export function seatCounts({ rows }: Pick<VenueRows, 'rows'>): (readonly [SeatState, number])[] {
  return STATES.map((state) => [state, rows.filter((row) => seatState(row) === state).length] as const).filter(
    ([, count]) => count > 0,
  );
}
