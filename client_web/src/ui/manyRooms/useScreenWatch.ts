/** Whether an element can be seen now: it is on the screen, and the page is not behind another one. */

import { onMounted, onScopeDispose, ref, watch, type Ref } from 'vue';

/** Tells every change, and at the end that it cannot be seen. */
export function useScreenWatch(element: Readonly<Ref<HTMLElement | null>>, tell: (isSeen: boolean) => void): void {
  const intersects = ref(false);
  const isPageSeen = ref(!document.hidden);
  const life = new AbortController();
  const observer = new IntersectionObserver((entries) => {
    intersects.value = entries.at(-1)?.isIntersecting ?? false;
  });
  document.addEventListener('visibilitychange', () => (isPageSeen.value = !document.hidden), { signal: life.signal });
  onMounted(() => {
    if (element.value !== null) observer.observe(element.value);
  });
  watch(
    () => intersects.value && isPageSeen.value,
    (isSeen) => {
      tell(isSeen);
    },
  );
  onScopeDispose(() => {
    observer.disconnect();
    life.abort();
    tell(false);
  });
}
