/** How the seats are laid out on the page: which of them are large, and which stand around them. Pure. */

import type { Alias } from '../../protocol/generated';
import type { Tile } from './tiles';

/**
 * `documents`: the work is large and the seats stand beside it. `main_venue`: who is there is large, the others stand
 * around. `grid`: all alike. `speaker`: who speaks is large.
 */
export const LAYOUTS = ['documents', 'main_venue', 'grid', 'speaker'] as const;
export type Layout = (typeof LAYOUTS)[number];

export interface Arrangement {
  readonly large: readonly Tile[];
  readonly around: readonly Tile[];
}

/** Who takes the large place beside what the layout says. */
export interface Prominent {
  /** Whom the person has pinned; goes before everything else. */
  readonly pinned: Alias | null;
  /** Who speaks, or spoke last. */
  readonly speaker: Alias | null;
}

/** The tiles as a layout has them; nobody is lost, whoever is pinned. */
export function arrange(layout: Layout, tiles: readonly Tile[], { pinned, speaker }: Prominent): Arrangement {
  const isPinned = tiles.some(({ alias }) => alias === pinned);
  const isLarge = isPinned ? ({ alias }: Tile) => alias === pinned : largeOf(layout, tiles, speaker);
  return { large: tiles.filter(isLarge), around: tiles.filter((tile) => !isLarge(tile)) };
}

function largeOf(layout: Layout, tiles: readonly Tile[], speaker: Alias | null): (tile: Tile) => boolean {
  if (layout === 'main_venue') return ({ isMainVenue, state }) => isMainVenue && state !== 'away' && state !== 'left';
  if (layout !== 'speaker') return () => false;
  const shown = tiles.find(({ alias }) => alias === speaker) ?? tiles.find(({ hasPicture }) => hasPicture) ?? tiles[0];
  return (tile) => tile === shown;
}

/**
 * Who speaks now, or did last: the same one for as long as they speak, so that the large picture does not jump.
 *
 * @param me - whose own voice never takes the large place.
 */
export function nextSpeaker(before: Alias | null, tiles: readonly Tile[], me: Alias): Alias | null {
  const speaking = tiles.filter(({ alias, speaking }) => speaking && alias !== me).map(({ alias }) => alias);
  if (before !== null && speaking.includes(before)) return before;
  return speaking[0] ?? before;
}
