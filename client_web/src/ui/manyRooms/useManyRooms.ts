/** The rooms of this window, side by side, and their bell: one of each, whichever page shows them. */

import { effectScope } from 'vue';

import { useBell, type BellSwitch } from '../calls/useBell';
import { openRoomPort } from '../openRoomPort';
import { roomMedia } from '../room/roomMedia';
import { makeManyRooms, type ManyRooms } from './manyRooms';

let rooms: ManyRooms | undefined;
let bell: BellSwitch | undefined;

export function useManyRooms(): ManyRooms {
  return (rooms ??= makeManyRooms({ openPort: openRoomPort, openMedia: roomMedia }));
}

/** Rings while something calls in one of the rooms, once it has been switched on. */
export function useRoomsBell(): BellSwitch {
  const { calls } = useManyRooms();
  return (bell ??= makeBell(() => calls.value));
}

/** It outlives the pages that show its switch. */
function makeBell(isRinging: () => boolean): BellSwitch {
  const made = effectScope(true).run(() => useBell(isRinging));
  if (made === undefined) throw new TypeError('A new scope runs.');
  return made;
}
