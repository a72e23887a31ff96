/** The room cameras (场地摄像机) that this seat may see: what comes of each, and why where nothing does. Pure. */

import type { MediaState, Tile } from '../../media/mediaPort';
import type { Alias, RoomView, Seat, VenueId } from '../../protocol/generated';
import { entry } from '../../session/roomView';
import { venueName } from '../committee';

/**
 * `waiting`: nothing has come yet. `interrupted`: it came and ought to come. `paused`: the own line does not carry it.
 * `sound_only`: the sound comes, and no picture. `live`.
 */
export type CameraState = 'waiting' | 'interrupted' | 'paused' | 'sound_only' | 'live';

export interface CameraPicture {
  readonly alias: Alias;
  readonly label: string;
  readonly venue: VenueId;
  /** The venue's name. */
  readonly venueName: string;
  readonly state: CameraState;
  /** None before the first connection. */
  readonly stream: MediaStream | null;
}

/** Whether a room camera is there and has not been taken away. */
export function hasCamera(view: RoomView, alias: Alias): boolean {
  return entry(view.cameras, alias)?.removed_at === null;
}

/** Whether a seat sees to the cameras of a venue: its own operator, and the main venue's everywhere. */
export function mayManage(seat: Seat | undefined, venue: VenueId): boolean {
  if (seat?.role === 'host_operator') return true;
  return seat?.role === 'venue_operator' && seat.venue === venue;
}

/** Whether a seat may ever see a camera of a venue. */
export function mayWatch(seat: Seat | undefined, venue: VenueId): boolean {
  return seat?.role === 'witness' || seat?.role === 'supervisor' || mayManage(seat, venue);
}

/** The cameras that a seat sees, in the order they were added; `media` while there are any. */
export function cameraPictures(view: RoomView, me: Alias, media: MediaState | null): CameraPicture[] {
  const seat = entry(view.seats, me);
  return Object.entries(view.cameras)
    .filter(([, { removed_at, venue }]) => removed_at === null && mayWatch(seat, venue))
    .map(([alias, { label, venue }]) => {
      const tile = media?.tiles.find((each) => each.alias === alias);
      const name = venueName(view, venue);
      return { alias, label, venue, venueName: name, state: stateOf(tile), stream: tile?.stream ?? null };
    });
}

function stateOf(tile: Tile | undefined): CameraState {
  if (tile === undefined) return 'waiting';
  if (tile.video === 'flowing') return 'live';
  if (tile.isPaused) return 'paused';
  if (tile.video === 'stalled' || tile.audio === 'stalled') return 'interrupted';
  return tile.audio === 'flowing' ? 'sound_only' : 'waiting';
}
