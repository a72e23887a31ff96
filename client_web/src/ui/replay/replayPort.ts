/** The room at a moment of a replay, in the shape that the components of the live room are given. */

import type { Alias, RoomView } from '../../protocol/generated';
import type { Line } from '../../session/line';
import type { Me, RoomPort } from '../roomPort';

const NOBODY: ReadonlySet<Alias> = new Set();

/** What `viewer` saw; null for the whole record. Nothing can be asked of it, and who was connected is not recorded. */
export function replayPort(room: RoomPort, view: RoomView, lines: readonly Line[], viewer: Alias | null): RoomPort {
  return {
    view,
    lines,
    me: viewer === null ? null : viewerOf(room, view, viewer),
    connection: { state: 'open' },
    record: { held: lines.length, signed: lines.length, witnessed: lines.length },
    proof: room.proof,
    clockOffset: 0,
    cells: {},
    progress: {},
    presence: NOBODY,
    notices: [],
    token: '',
    rawLine: room.rawLine,
    submit: () => Promise.resolve({ accepted: false, code: 'wrong_phase' }),
    saveCell: nothing,
    showProgress: nothing,
    dismiss: nothing,
    close: nothing,
  };
}

function viewerOf(room: RoomPort, view: RoomView, alias: Alias): Me | null {
  const seat = view.seats[alias];
  if (seat === undefined || room.me === null) return null;
  return { room: room.me.room, alias, role: seat.role, venue: seat.venue, fingerprint: seat.key ?? '' };
}

function nothing(): void {
  // the past cannot be changed
}
