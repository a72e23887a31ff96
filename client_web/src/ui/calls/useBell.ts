/** The bell of a page: rings while it is told to, silent once the page is left. */

import { onScopeDispose, ref, watch, type Ref } from 'vue';

import { Bell } from './bell';
import { loudspeaker } from './loudspeaker';

export interface BellSwitch {
  readonly isOn: Readonly<Ref<boolean>>;
  /** To be called from a click. */
  readonly switchOn: () => Promise<void>;
  readonly switchOff: () => void;
}

export function useBell(isRinging: () => boolean): BellSwitch {
  const bell = new Bell(loudspeaker());
  const isOn = ref(false);

  async function switchOn(): Promise<void> {
    await bell.switchOn();
    isOn.value = bell.isOn;
  }

  /** After a reload the first touch of the page gives the sound back. */
  function wake(): void {
    if (bell.wasOn && !bell.isOn) void switchOn();
  }

  document.addEventListener('pointerdown', wake);
  document.addEventListener('keydown', wake);
  watch(
    isRinging,
    (rings) => {
      bell.ring(rings);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    document.removeEventListener('pointerdown', wake);
    document.removeEventListener('keydown', wake);
    bell.ring(false);
  });
  return {
    isOn,
    switchOn,
    switchOff: () => {
      bell.switchOff();
      isOn.value = false;
    },
  };
}
