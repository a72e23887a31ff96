/** The phase that the heading of a watching page names. */

import type { LotId, Phase, RoomView } from '../../protocol/generated';
import { entry } from '../../session/roomView';

/** The room's phase, or in the evaluation that of the lot that is looked at. */
export function watchedPhase(view: RoomView, lot: LotId): Phase {
  return view.phase === 'evaluation' ? (entry(view.lots, lot)?.phase ?? view.phase) : view.phase;
}
