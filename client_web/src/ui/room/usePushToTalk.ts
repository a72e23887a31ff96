/** Push to talk at this page: the space bar, or a button that is held, opens the microphone while it is switched on. */

import { onScopeDispose, ref, watch, type Ref, type ShallowRef } from 'vue';

import type { MediaPort } from '../../media/mediaPort';
import { TalkKey, wantsSpace } from '../../media/talkKey';

export interface Talking {
  /** Whether the microphone is being held open. */
  readonly isHeld: Readonly<Ref<boolean>>;
  readonly hold: () => void;
  readonly release: () => void;
}

export function usePushToTalk(port: Readonly<ShallowRef<MediaPort | null>>, isOn: Readonly<Ref<boolean>>): Talking {
  const isHeld = ref(false);
  const key = new TalkKey((held) => {
    isHeld.value = held;
    port.value?.setMicrophone(held);
  });
  const life = new AbortController();
  const { signal } = life;

  function handleKeyDown(event: KeyboardEvent): void {
    if (!isOn.value || event.code !== 'Space' || event.ctrlKey || event.altKey || event.metaKey) return;
    if (wantsSpace(document.activeElement)) return;
    event.preventDefault(); // it would scroll the page
    key.hold('key');
  }

  window.addEventListener('keydown', handleKeyDown, { signal });
  window.addEventListener(
    'keyup',
    ({ code }) => {
      if (code === 'Space') key.release('key');
    },
    { signal },
  );
  window.addEventListener(
    'blur',
    () => {
      key.releaseAll();
    },
    { signal },
  );
  watch(
    [isOn, port],
    ([on, media]) => {
      key.releaseAll();
      if (on) media?.setMicrophone(false);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    life.abort();
  });

  return {
    isHeld,
    hold: () => {
      if (isOn.value) key.hold('button');
    },
    release: () => {
      key.release('button');
    },
  };
}
