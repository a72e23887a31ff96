/** The seat that this window has entered, kept until the window is closed: a reload comes back without a code. */

import type { Alias, RoomId } from '../../protocol/generated';

export interface KeptSeat {
  readonly room: RoomId;
  readonly alias: Alias;
  readonly token: string;
}

const KEPT_UNDER = 'lianping.seat';

/** The seat of this window in a room, if it has entered one. */
export function keptSeat(room: RoomId, storage: Storage = sessionStorage): KeptSeat | null {
  const seat = lastKeptSeat(storage);
  return seat?.room === room ? seat : null;
}

/** The seat of this window, in whatever room. */
export function lastKeptSeat(storage: Storage = sessionStorage): KeptSeat | null {
  const text = storage.getItem(KEPT_UNDER);
  return text === null ? null : (JSON.parse(text) as KeptSeat);
}

export function keepSeat(seat: KeptSeat, storage: Storage = sessionStorage): void {
  storage.setItem(KEPT_UNDER, JSON.stringify(seat));
}

export function forgetSeat(storage: Storage = sessionStorage): void {
  storage.removeItem(KEPT_UNDER);
}
