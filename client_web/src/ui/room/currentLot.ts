/** The lot that the person looks at, chosen in the shell and read by the pages in it. */

import { inject, type ComputedRef, type InjectionKey } from 'vue';

import type { LotId } from '../../protocol/generated';

export const CURRENT_LOT: InjectionKey<ComputedRef<LotId>> = Symbol('current lot');

/** The chosen lot's id. */
export function useCurrentLot(): ComputedRef<LotId> {
  const lot = inject(CURRENT_LOT);
  if (lot === undefined) throw new TypeError('There is no shell around this page.');
  return lot;
}
