/** The files of a lot's bids, as far as this viewer holds the lines that name them. */

import type { BidAlias, BidFile, LotId, Role, RoomView } from '../../protocol/generated';

/** A bid with its files, in the tender's order. */
export interface ShelvedBid {
  readonly bid: BidAlias;
  /** As the tender calls it. */
  readonly title: string;
  readonly files: readonly BidFile[];
}

/** Who reads bids from the examination on; for them, none there means that none was imported. */
const READERS: readonly Role[] = ['expert', 'representative', 'supervisor'];

/** What stands on the shelf; null where there is none to be shown: too early, or not for this viewer. */
export function shelfOf(view: RoomView, lot: LotId, role: Role): ShelvedBid[] | null {
  const state = view.lots[lot];
  const bids = Object.entries(view.opening?.lots[lot]?.bids ?? {}).flatMap(([bid, { title }]) => {
    const files = state?.files[bid] ?? [];
    return files.length > 0 ? [{ bid, title, files }] : [];
  });
  const isOpen = READERS.includes(role) && (state?.opened_at ?? null) !== null;
  return bids.length > 0 || isOpen ? bids : null;
}
