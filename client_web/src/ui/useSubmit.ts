/** Submitting a command from a component: busy while it is under way, the code of the refusal after it. */

import { ref, type Ref } from 'vue';

import type { AnyCommand } from '../protocol/generated';
import type { RoomPort } from './roomPort';

export interface Submitting {
  readonly busy: Ref<boolean>;
  /** Of the last answer; null after an accepted command. */
  readonly refusal: Ref<string | null>;
  /** Whether the command was accepted. */
  readonly submit: (command: AnyCommand) => Promise<boolean>;
}

export function useSubmit(room: RoomPort): Submitting {
  const busy = ref(false);
  const refusal = ref<string | null>(null);

  async function submit(command: AnyCommand): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    refusal.value = null;
    try {
      const answer = await room.submit(command);
      const isPaused = !answer.accepted && answer.code === 'wrong_phase' && room.view.paused !== null;
      refusal.value = answer.accepted ? null : isPaused ? 'paused' : answer.code;
      return answer.accepted;
    } finally {
      busy.value = false;
    }
  }

  return { busy, refusal, submit };
}
