/** Going to another room, or to its sound; where that ends a talk, the person is asked first. */

import { ref, type Ref } from 'vue';

import type { RoomId } from '../../protocol/generated';
import type { Opens } from '../parts/opens';
import type { ManyRooms } from './manyRooms';

export interface RoomChoice {
  /** The number of the room whose talk would end. */
  readonly endsTalkIn: Readonly<Ref<number>>;
  /** Does it now, or once the person has agreed. */
  readonly choose: (room: RoomId | null, then: () => void) => void;
  readonly agree: () => void;
}

/** `dialog` asks. */
export function useRoomChoice(rooms: ManyRooms, dialog: Readonly<Ref<Opens | undefined>>): RoomChoice {
  const endsTalkIn = ref(0);
  let agreed: () => void = () => undefined;

  function choose(room: RoomId | null, then: () => void): void {
    const held = rooms.heldTalk.value;
    if (held === null || held === room) {
      then();
      return;
    }
    endsTalkIn.value = rooms.find(held)?.number ?? 0;
    agreed = then;
    dialog.value?.open();
  }

  return {
    endsTalkIn,
    choose,
    agree: () => {
      agreed();
    },
  };
}
