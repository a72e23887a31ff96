/** Which lot a page shows while the person has chosen none. */

import type { LotId, Phase, RoomView } from '../../protocol/generated';
import { lotIds } from '../committee';

/** Lots in which nothing is to be done: they make way for one in which there is. */
const AT_REST: readonly Phase[] = ['locked', 'sealed'];

/** What is to be done first, of the lots of a room. */
const FIRST: readonly ((phase: Phase) => boolean)[] = [
  (phase) => phase !== 'signing' && !AT_REST.includes(phase),
  (phase) => phase === 'signing',
  (phase) => phase === 'locked',
];

/** The lot to show: the one that is shown now, as long as there is something to do in it. */
export function shownLot(view: RoomView, now: LotId | null): LotId {
  const lots = lotIds(view);
  const phaseOf = (lot: LotId): Phase => view.lots[lot]?.phase ?? 'prepared';
  if (now !== null && lots.includes(now) && !AT_REST.includes(phaseOf(now))) return now;
  for (const isNext of FIRST) {
    const next = lots.find((lot) => isNext(phaseOf(lot)));
    if (next !== undefined) return next;
  }
  return now ?? lots[0] ?? '';
}
