/** The people of a room as tiles of the video wall. */

import type { Alias, Role } from '../../protocol/generated';
import { seatsOf, venueName } from '../committee';
import type { RoomPort } from '../roomPort';

/** One seat on the wall. */
export interface Tile {
  readonly alias: Alias;
  readonly role: Role;
  /** The venue's name. */
  readonly venue: string;
  /** None while the seat sends no picture. */
  readonly stream: MediaStream | null;
  readonly speaking: boolean;
  readonly state: 'present' | 'away' | 'left';
}

/** Those whom nobody is shown: their presence is not told either. */
const UNSEEN: readonly Role[] = ['supervisor', 'auditor'];

/** The tiles of everyone but the unseen, chair first marked as such. */
export function tilesOf({ view, presence }: Pick<RoomPort, 'view' | 'presence'>): Tile[] {
  return seatsOf(view)
    .filter(([, seat]) => !UNSEEN.includes(seat.role))
    .map(([alias, seat]) => ({
      alias,
      role: alias === view.chair ? 'chair' : seat.role,
      venue: venueName(view, seat.venue),
      stream: null,
      speaking: false,
      state: seat.left_at !== null ? 'left' : presence.has(alias) ? 'present' : 'away',
    }));
}
