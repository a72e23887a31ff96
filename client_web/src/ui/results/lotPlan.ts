/** A lot as the tender document describes it. */

import type { LotId, LotPlan } from '../../protocol/generated';
import type { RoomPort } from '../roomPort';

/** The lot's plan; none before the room's first line has come. */
export function lotPlanOf({ view }: Pick<RoomPort, 'view'>, lot: LotId): LotPlan | undefined {
  return view.opening?.lots[lot];
}
