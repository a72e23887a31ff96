/**
 * One press for a talk that waits: hear the room, and sign that the witness listens once the server sends the sound. One
 * more ends it.
 */

import { ref, watch, type Ref } from 'vue';

import type { Alias, AnyCommand, RoomId } from '../../protocol/generated';
import { refusalKey } from '../refusals';
import type { ManyRooms } from './manyRooms';

/** Sound that has not come by then does not come by itself. */
const PATIENCE_MS = 8000;

export interface RoomTalks {
  readonly busy: Readonly<Ref<boolean>>;
  /** The message key of what stood in the way last; null where nothing did. */
  readonly problem: Readonly<Ref<string | null>>;
  readonly open: (room: RoomId, asker: Alias) => Promise<void>;
  readonly end: (room: RoomId, asker: Alias) => Promise<void>;
}

export function useRoomTalks(rooms: ManyRooms): RoomTalks {
  const busy = ref(false);
  const problem = ref<string | null>(null);

  /** One after the other. */
  async function alone(act: () => Promise<string | null>): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    problem.value = await act();
    busy.value = false;
  }

  async function submit(room: RoomId, command: AnyCommand): Promise<string | null> {
    const answer = await rooms.find(room)?.port?.submit(command);
    return answer === undefined || answer.accepted ? null : refusalKey(answer.code);
  }

  return {
    busy,
    problem,
    open: (room, asker) =>
      alone(async () => {
        rooms.listen(room);
        return (await isHeard(rooms, room)) ? submit(room, { type: 'open_talk', asker }) : 'many.not_heard';
      }),
    end: (room, asker) => alone(() => submit(room, { type: 'end_talk', asker })),
  };
}

/** Resolves once the server sends the room's sound to this page, or not in time. */
function isHeard(rooms: ManyRooms, room: RoomId): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (heard: boolean): void => {
      clearTimeout(patience);
      stop();
      resolve(heard);
    };
    const patience = setTimeout(() => {
      end(false);
    }, PATIENCE_MS);
    const stop = watch(
      () => rooms.find(room)?.state?.isHeard ?? false,
      (heard) => {
        if (heard) {
          queueMicrotask(() => {
            end(true);
          });
        }
      },
      { immediate: true },
    );
  });
}
