/** What a supervisor's wall may show, and which players are on it. Pure; the rule is `server/domain/wall_policy.py`. */

import type { Alias, MediaTrack, Millis, Role, RoomId, RoomView, WallId } from '../../protocol/generated';

/** A picture with an address of its own. */
export interface WallPicture {
  readonly alias: Alias;
  readonly kind: MediaTrack;
  /** Of a seat; null for a room camera. */
  readonly role: Role | null;
  /** Of a room camera. */
  readonly label: string;
}

/** A pass that has not ended. */
export interface OpenWall {
  readonly wall: WallId;
  readonly by: Alias;
  readonly place: string;
  readonly givenAt: Millis;
  readonly players: readonly { name: string; alias: Alias; kind: MediaTrack; since: Millis }[];
}

const WATCHERS: readonly Role[] = ['supervisor', 'auditor'];
const SHOWS_SCREEN: readonly Role[] = ['host_operator', 'agent'];

/** Seats in the order of the plan, room cameras, then screens. */
export function wallPictures(view: RoomView): WallPicture[] {
  const seats = Object.entries(view.seats).filter(
    ([, { role, left_at }]) => left_at === null && !WATCHERS.includes(role),
  );
  const cameras = Object.entries(view.cameras).filter(([, { removed_at }]) => removed_at === null);
  return [
    ...seats.map(([alias, { role }]): WallPicture => ({ alias, kind: 'video', role, label: '' })),
    ...cameras.map(([alias, { label }]): WallPicture => ({ alias, kind: 'video', role: null, label })),
    ...seats
      .filter(([, { role }]) => SHOWS_SCREEN.includes(role))
      .map(([alias, { role }]): WallPicture => ({ alias, kind: 'screen', role, label: '' })),
  ];
}

/** Where a player asks for a picture, seen from the page's own address. */
export function wallAddress(room: RoomId, { alias, kind }: WallPicture, page: string): string {
  const path = `/rooms/${encodeURIComponent(room)}/whep/${encodeURIComponent(alias)}`;
  return new URL(kind === 'screen' ? `${path}/screen` : path, page).href;
}

/** In the order in which they were given. */
export function openWalls(view: RoomView): OpenWall[] {
  return Object.entries(view.walls)
    .filter(([, { ended_at }]) => ended_at === null)
    .map(([wall, { by, place, given_at, players }]) => ({
      wall,
      by,
      place,
      givenAt: given_at,
      players: Object.entries(players)
        .map(([name, player]) => ({ name, ...player }))
        .sort((a, b) => a.since - b.since),
    }));
}
