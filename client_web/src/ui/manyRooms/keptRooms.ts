/** The rooms that this window watches side by side, kept until it is closed: a reload comes back without codes. */

import type { Alias, Role, RoomId } from '../../protocol/generated';
import type { KeptSeat } from '../entry/keptSeat';

/** More rooms than one person can watch. */
export const MOST_ROOMS = 12;

/** Those who watch, and may have a reason to watch several rooms. */
export function mayWatchMany(role: Role): boolean {
  return role === 'witness' || role === 'supervisor';
}

/** The own seat in one of the rooms. */
export interface KeptRoom extends KeptSeat {
  /** From 1; stays the room's own as long as it is here. */
  readonly number: number;
  /** Whose picture stands for the room; null leaves that to the page. */
  readonly picture: Alias | null;
}

export interface KeptRooms {
  /** By their numbers. */
  readonly rooms: readonly KeptRoom[];
  /** The one that is listened to. */
  readonly heard: RoomId | null;
  /** Whether the rooms are shown with pictures. */
  readonly hasPictures: boolean;
}

export const NO_ROOMS: KeptRooms = { rooms: [], heard: null, hasPictures: true };

const KEPT_UNDER = 'lianping.rooms';

export function keptRooms(storage: Storage = sessionStorage): KeptRooms {
  const text = storage.getItem(KEPT_UNDER);
  return text === null ? NO_ROOMS : (JSON.parse(text) as KeptRooms);
}

export function keepRooms(kept: KeptRooms, storage: Storage = sessionStorage): void {
  storage.setItem(KEPT_UNDER, JSON.stringify(kept));
}

/** With a seat that was entered: in its room's place if that is here already, else under the smallest free number. */
export function withSeat(kept: KeptRooms, { room, alias, token }: KeptSeat): KeptRooms {
  const known = kept.rooms.find((each) => each.room === room);
  if (known !== undefined) return changed(kept, room, { alias, token });
  const number = freeNumber(kept.rooms.map((each) => each.number));
  const rooms = [...kept.rooms, { room, alias, token, number, picture: null }];
  return { ...kept, rooms: rooms.sort((a, b) => a.number - b.number) };
}

/** Without a room, and without listening to it. */
export function withoutRoom(kept: KeptRooms, room: RoomId): KeptRooms {
  return {
    ...kept,
    rooms: kept.rooms.filter((each) => each.room !== room),
    heard: kept.heard === room ? null : kept.heard,
  };
}

/** With the newest token of a room, or another picture in its place. */
export function changed(
  kept: KeptRooms,
  room: RoomId,
  news: Partial<Pick<KeptRoom, 'alias' | 'token' | 'picture'>>,
): KeptRooms {
  return { ...kept, rooms: kept.rooms.map((each) => (each.room === room ? { ...each, ...news } : each)) };
}

function freeNumber(taken: readonly number[]): number {
  let number = 1;
  while (taken.includes(number)) number++;
  return number;
}
