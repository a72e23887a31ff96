/** What a member has to do now, or waits for: the one question the expert's page asks. */

import type { Alias, LotId, RoomView } from '../../protocol/generated';
import { isRevealed, openRound } from '../committee';
import { openLots } from '../signing/endings';

/** One page of the expert's flow. */
export type Situation =
  | 'enrolling'
  | 'waiting_confirmation'
  | 'waiting_check_in'
  | 'recusal'
  | 'recused'
  | 'pledge'
  | 'waiting_election'
  | 'ballot'
  | 'waiting_ballots'
  | 'examine'
  | 'waiting_examinations'
  | 'conclude'
  | 'score'
  | 'waiting_scores'
  | 'prices'
  | 'summary'
  | 'locked'
  | 'issue_report'
  | 'signing'
  | 'sealed'
  | 'closed';

/** The situation of a member, for the lot that the member looks at. */
export function situationOf(view: RoomView, me: Alias, lot: LotId): Situation {
  if (view.phase === 'closed') return 'closed';
  return checkIn(view, me) ?? proceeding(view, me, lot);
}

/** What is left of the member's own check-in; null once it is complete. */
function checkIn(view: RoomView, me: Alias): Situation | null {
  const seat = view.seats[me];
  if (seat === undefined || seat.key === null) return 'enrolling';
  if (!seat.confirmed) return 'waiting_confirmation';
  if (view.phase === 'prepared') return 'waiting_check_in';
  if (seat.conflict === null) return 'recusal';
  if (seat.conflict) return 'recused';
  return seat.pledged ? null : 'pledge';
}

function proceeding(view: RoomView, me: Alias, lot: LotId): Situation {
  if (view.phase === 'check_in') return 'waiting_election';
  if (view.phase === 'chair_election') return isPending(view, me, null) ? 'ballot' : 'waiting_ballots';
  switch (view.lots[lot]?.phase) {
    case 'examination':
      return examination(view, me, lot);
    case 'scoring':
      return isPending(view, me, lot) ? 'score' : 'waiting_scores';
    case 'prices':
      return 'prices';
    case 'summary':
      return 'summary';
    case 'locked':
      return view.chair === me && openLots(view).length === 0 ? 'issue_report' : 'locked';
    case 'signing':
      return 'signing';
    case 'sealed':
      return 'sealed';
    default:
      return 'waiting_election';
  }
}

function examination(view: RoomView, me: Alias, lot: LotId): Situation {
  const stage = view.lots[lot]?.stages.examination;
  if (openRound(stage)?.round.pending.includes(me)) return 'examine';
  return openRound(stage) === null && isRevealed(stage) ? 'conclude' : 'waiting_examinations';
}

/** Whether a sheet of the member is asked for: of the lot's scoring, or of the election for no lot. */
function isPending(view: RoomView, me: Alias, lot: LotId | null): boolean {
  const stage = lot === null ? view.election.stage : view.lots[lot]?.stages.scoring;
  return openRound(stage)?.round.pending.includes(me) ?? false;
}
