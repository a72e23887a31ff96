/** Time that goes on by itself, as fast as the person likes. */

import { onScopeDispose, ref, watch, type Ref } from 'vue';

export const SPEEDS = [1, 10, 60] as const;
export type Speed = (typeof SPEEDS)[number];

const TICK_MS = 100;

export interface Playing {
  readonly isPlaying: Ref<boolean>;
  readonly speed: Ref<Speed>;
}

/** `goOn` takes the time that has passed in the record; it says whether there is more to come. */
export function usePlaying(goOn: (passedMs: number) => boolean): Playing {
  const isPlaying = ref(false);
  const speed = ref<Speed>(1);
  let ticking: ReturnType<typeof setInterval> | undefined;
  watch(isPlaying, (plays) => {
    clearInterval(ticking);
    if (!plays) return;
    let before = performance.now();
    ticking = setInterval(() => {
      const now = performance.now();
      if (!goOn((now - before) * speed.value)) isPlaying.value = false;
      before = now;
    }, TICK_MS);
  });
  onScopeDispose(() => {
    clearInterval(ticking);
  });
  return { isPlaying, speed };
}
