/** The sitting, asked for again every second while the page is there. */

import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';

import { askSitting, type Sitting } from './sitting';

const EVERY_MS = 1000;

/** `none`: this server runs no demo, and is not asked again. */
export type SittingState =
  | { readonly state: 'asking' | 'preparing' | 'unreachable' | 'none' }
  | { readonly state: 'there'; readonly sitting: Sitting };

export interface WatchedSitting {
  readonly sitting: ShallowRef<SittingState>;
  /** Asks at once. */
  readonly look: () => Promise<void>;
}

export function useSitting(): WatchedSitting {
  const sitting = shallowRef<SittingState>({ state: 'asking' });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;

  async function look(): Promise<void> {
    clearTimeout(timer);
    const answer = await askSitting();
    if (isOver) return;
    if (answer.ok) sitting.value = { state: 'there', sitting: answer.body };
    else if (answer.code === 'store_unavailable') sitting.value = { state: 'preparing' };
    else if (answer.code === 'unreachable') sitting.value = { state: 'unreachable' };
    else sitting.value = { state: 'none' };
    if (sitting.value.state === 'none') return;
    timer = setTimeout(() => void look(), EVERY_MS);
  }

  void look();
  onScopeDispose(() => {
    isOver = true;
    clearTimeout(timer);
  });
  return { sitting, look };
}
