/** The tab's title while somebody calls: it changes to and fro, to be seen from another tab. */

import { onScopeDispose, watch } from 'vue';

const FLASH_EVERY_MS = 1000;

/** Shows `flash` and the page's own title in turn; an empty `flash` leaves the title alone. */
export function useTitleFlash(flash: () => string, own: () => string): void {
  let flashing: ReturnType<typeof setInterval> | undefined;

  function end(): void {
    if (flashing === undefined) return;
    clearInterval(flashing);
    flashing = undefined;
    document.title = own();
  }

  function turn(): void {
    document.title = document.title === flash() ? own() : flash();
  }

  watch(
    flash,
    (title) => {
      if (title === '') {
        end();
        return;
      }
      document.title = title;
      flashing ??= setInterval(turn, FLASH_EVERY_MS);
    },
    { immediate: true },
  );
  onScopeDispose(end);
}
