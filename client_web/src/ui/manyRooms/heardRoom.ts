/** Which of several rooms is listened to: one at a time, and never one that cannot be heard. Pure. */

import type { Alias, RoomId, RoomView } from '../../protocol/generated';

/** As much of a room as it takes to say so. */
export interface Listenable {
  readonly room: RoomId;
  readonly number: number;
  /** Of the own seat. */
  readonly alias: Alias;
  /** Null before it has come. */
  readonly view: Pick<RoomView, 'phase' | 'talk'> | null;
  /** Whether the connection has ended for good. */
  readonly hasEnded: boolean;
}

/** Whether there is anything to hear in a room. */
export function isListenable({ view, hasEnded }: Listenable): boolean {
  return !hasEnded && view?.phase !== 'closed';
}

/**
 * The room whose sound is for this page; null for none.
 *
 * @param chosen - the one that the person listens to.
 * @param whole - the one whose own page is shown: that is the one that is heard.
 */
export function heardRoom(rooms: readonly Listenable[], chosen: RoomId | null, whole: RoomId | null): RoomId | null {
  const wanted = whole ?? chosen;
  return rooms.find((each) => each.room === wanted && isListenable(each))?.room ?? null;
}

/** The room in which the own seat listens to a talk that ends with the listening; null where there is none. */
export function heldTalk(rooms: readonly Listenable[], heard: RoomId | null): RoomId | null {
  const room = rooms.find((each) => each.room === heard);
  const talk = room?.view?.talk ?? null;
  return room !== undefined && talk?.witness === room.alias ? room.room : null;
}

/** The room that a key chooses: its number, or `0` for none; undefined where the key chooses nothing. */
export function roomOfKey(key: string, rooms: readonly Listenable[]): RoomId | null | undefined {
  if (key === '0') return null;
  return rooms.find((each) => String(each.number) === key && isListenable(each))?.room;
}
