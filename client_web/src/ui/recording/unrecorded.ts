/** What of a room is not recorded at this moment, though its policy asks for it. */

import type { Alias, GapReason, MediaTrack, Role, RoomView } from '../../protocol/generated';
import { entry } from '../../session/roomView';
import { hasCamera } from '../cameras/cameraPictures';

export interface Unrecorded {
  readonly alias: Alias;
  readonly kind: MediaTrack;
  /** Why; null where it never was recorded. */
  readonly gap: GapReason | null;
}

const KINDS: readonly MediaTrack[] = ['video', 'audio'];
const UNSEEN: readonly Role[] = ['supervisor', 'auditor'];

/**
 * The cameras and microphones that are not recorded, seat by seat, then the room cameras; none before the check-in, after
 * the close, and where it is waived. A room camera need not have a microphone: its sound is missed once it has come.
 */
export function unrecorded(view: RoomView): Unrecorded[] {
  const recording = view.opening?.policy.recording ?? 'off';
  if (recording === 'off' || view.phase === 'prepared' || view.phase === 'closed') return [];
  const seats = Object.entries(view.seats)
    .filter(([, seat]) => seat.confirmed && seat.left_at === null && !UNSEEN.includes(seat.role))
    .flatMap(([alias]) => KINDS.flatMap((kind) => missing(view, alias, kind)));
  const cameras = Object.keys(view.cameras)
    .filter((alias) => hasCamera(view, alias))
    .flatMap((alias) => KINDS.flatMap((kind) => missing(view, alias, kind)))
    .filter(({ kind, gap }) => kind === 'video' || gap !== null);
  return [...seats, ...cameras];
}

/** What of the own seat is not recorded, where a sheet waits for it. */
export function ownUnrecorded(view: RoomView, me: Alias): Unrecorded[] {
  if (view.opening?.policy.recording !== 'required') return [];
  return unrecorded(view).filter(({ alias }) => alias === me);
}

/** What a seat misses for one reason, in one row. */
export interface UnrecordedSeat {
  readonly alias: Alias;
  readonly kinds: readonly MediaTrack[];
  readonly gap: GapReason | null;
}

/** Camera and microphone of a seat together, where the reason is the same. */
export function bySeat(tracks: readonly Unrecorded[]): UnrecordedSeat[] {
  const rows: UnrecordedSeat[] = [];
  for (const { alias, kind, gap } of tracks) {
    const last = rows.at(-1);
    if (last?.alias === alias && last.gap === gap) rows[rows.length - 1] = { ...last, kinds: [...last.kinds, kind] };
    else rows.push({ alias, kinds: [kind], gap });
  }
  return rows;
}

function missing(view: RoomView, alias: Alias, kind: MediaTrack): Unrecorded[] {
  if (entry(view.waivers, alias)?.[kind] !== undefined) return [];
  const track = entry(view.recordings, alias)?.[kind];
  if (track?.gap === null) return [];
  return [{ alias, kind, gap: track?.gap ?? null }];
}
