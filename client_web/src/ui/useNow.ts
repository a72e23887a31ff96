/** The server's time, second by second. */

import { computed, onScopeDispose, ref, type ComputedRef } from 'vue';

import type { Millis } from '../protocol/generated';
import type { RoomPort } from './roomPort';

/** Milliseconds since 1970-01-01 UTC by the server's clock. */
export function useNow(room: RoomPort): ComputedRef<Millis> {
  const own = ref(Date.now());
  const ticking = setInterval(() => {
    own.value = Date.now();
  }, 1000);
  onScopeDispose(() => {
    clearInterval(ticking);
  });
  return computed(() => own.value + room.clockOffset);
}
