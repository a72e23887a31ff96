/** One key together with Alt, wherever the focus is, for as long as the component is there. */

import { onScopeDispose } from 'vue';

/** @param code - of the key by its place on the keyboard, such as `KeyH`, whatever the input method makes of it. */
export function useAltShortcut(code: string, action: () => void): void {
  const life = new AbortController();
  window.addEventListener(
    'keydown',
    (event) => {
      if (event.code !== code || !event.altKey || event.ctrlKey || event.metaKey || event.repeat) return;
      event.preventDefault();
      action();
    },
    { signal: life.signal },
  );
  onScopeDispose(() => {
    life.abort();
  });
}
