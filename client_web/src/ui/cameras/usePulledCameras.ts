/** How it stands with the cameras that the server pulls, asked again every two seconds while it matters. */

import { onScopeDispose, ref, watch, type Ref } from 'vue';

import type { Alias } from '../../protocol/generated';
import type { RoomPort } from '../roomPort';
import { pulledCameras, type PulledCamera } from './cameraSource';

const ASK_EVERY_MS = 2000;

export interface PulledCameras {
  readonly pulled: Readonly<Ref<Readonly<Record<Alias, PulledCamera>>>>;
  /** Asks at once. */
  readonly look: () => Promise<void>;
}

/** `matters`: whether there are cameras that this seat sees to. */
export function usePulledCameras(room: RoomPort, matters: () => boolean): PulledCameras {
  const pulled = ref<Readonly<Record<Alias, PulledCamera>>>({});

  async function look(): Promise<void> {
    if (room.me === null || !matters()) return;
    const answer = await pulledCameras(room.me.room, room.token);
    if (answer.ok) pulled.value = answer.body.cameras;
  }

  const asking = setInterval(() => {
    void look();
  }, ASK_EVERY_MS);
  onScopeDispose(() => {
    clearInterval(asking);
  });
  watch(matters, () => void look(), { immediate: true });
  return { pulled, look };
}
