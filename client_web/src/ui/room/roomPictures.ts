/** The pictures of the room, kept by the shell and shown by the pages in it that have a place for them. */

import { inject, type ComputedRef, type InjectionKey } from 'vue';

import type { Alias } from '../../protocol/generated';
import type { CameraPicture } from '../cameras/cameraPictures';
import type { Tile } from './tiles';

export interface RoomPictures {
  readonly tiles: readonly Tile[];
  /** Of the room cameras that this seat sees. */
  readonly cameras: readonly CameraPicture[];
  /** Whether the browser plays no sound yet. */
  readonly isMuted: boolean;
  /** The browser's name for the chosen loudspeaker; empty for the system's own. */
  readonly loudspeaker: string;
  /** How loud each seat is heard here; see `seatChoices.ts`. */
  readonly volumes: Readonly<Record<Alias, number>>;
  readonly setVolume: (alias: Alias, volume: number) => void;
}

export const ROOM_PICTURES: InjectionKey<ComputedRef<RoomPictures>> = Symbol('room pictures');

/** What comes of every seat now. */
export function useRoomPictures(): ComputedRef<RoomPictures> {
  const pictures = inject(ROOM_PICTURES);
  if (pictures === undefined) throw new TypeError('There is no shell around this page.');
  return pictures;
}
