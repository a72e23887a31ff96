/** Whether the screen is wide enough for a sheet and a document side by side. */

import { onScopeDispose, ref, type Ref } from 'vue';

/** A common screen of 1366 px, with its borders. */
export const WIDE_SCREEN = '(min-width: 85rem)';

export function useWideScreen(): Readonly<Ref<boolean>> {
  const query = matchMedia(WIDE_SCREEN);
  const isWide = ref(query.matches);
  const take = (): void => {
    isWide.value = query.matches;
  };
  query.addEventListener('change', take);
  onScopeDispose(() => {
    query.removeEventListener('change', take);
  });
  return isWide;
}
