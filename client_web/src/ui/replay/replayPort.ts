/** The room at a moment of a replay, in the shape that the components of the live room are given. */

import type { Alias, RoomView } from '../../protocol/generated';
import type { Line } from '../../session/line';
import type { RoomPort } from '../roomPort';

const NOBODY: ReadonlySet<Alias> = new Set();

/** Nothing can be asked of it, nobody sits there, and who was connected is not recorded. */
export function replayPort(
  room: Pick<RoomPort, 'proof' | 'rawLine'>,
  view: RoomView,
  lines: readonly Line[],
): RoomPort {
  return {
    view,
    lines,
    me: null,
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

function nothing(): void {
  // the past cannot be changed
}
