/** What comes next in a room, and what it waits for. */

import type { Alias, LotId, RoomView } from '../../protocol/generated';
import { membersOf } from '../../session/roomView';
import { latestRound, lotIds, openRound } from '../committee';
import { electionBlockers, reportBlockers, sealBlockers, stageBlockers, type Blocker } from './gates';

/** A step that the host's operator begins. */
export type HostStep = 'open_check_in' | 'open_election';

/** A step that the committee or its chair is at, in a lot or (null) in the room. */
export type CommitteeStep =
  | 'election'
  | 'examination'
  | 'conclude_examination'
  | 'scoring'
  | 'score_prices'
  | 'lock_result'
  | 'locked'
  | 'signing'
  | 'seal_report'
  | 'sealed';

export type NextStep =
  | { readonly by: 'host'; readonly step: HostStep; readonly isBlocked: boolean; readonly waitsFor: readonly Blocker[] }
  | {
      readonly by: 'committee';
      readonly step: CommitteeStep;
      readonly lot: LotId | null;
      readonly waitsFor: readonly Blocker[];
    };

/** The next step of the room, or of each of its lots; none in a closed room. */
export function nextSteps(view: RoomView): NextStep[] {
  switch (view.phase) {
    case 'prepared':
      return [{ by: 'host', step: 'open_check_in', isBlocked: false, waitsFor: arrivalsMissing(view) }];
    case 'check_in': {
      const waitsFor = electionBlockers(view);
      return [{ by: 'host', step: 'open_election', isBlocked: waitsFor.length > 0, waitsFor }];
    }
    case 'chair_election':
      return [{ by: 'committee', step: 'election', lot: null, waitsFor: ballotsMissing(view) }];
    case 'evaluation':
      return lotIds(view).map((lot) => lotStep(view, lot));
    default:
      return [];
  }
}

/** Members whose seats are not ready: no rule stops the check-in, but it is wise to wait. */
function arrivalsMissing(view: RoomView): Blocker[] {
  return electionBlockers(view).filter(({ code }) => code === 'not_enrolled' || code === 'not_confirmed');
}

function ballotsMissing(view: RoomView): Blocker[] {
  const pending = openRound(view.election.stage)?.round.pending ?? [];
  return pending.map((alias) => ({ code: 'sheet_pending', alias }));
}

function lotStep(view: RoomView, lot: LotId): NextStep {
  const [step, waitsFor] = stepIn(view, lot);
  return { by: 'committee', step, lot, waitsFor };
}

function stepIn(view: RoomView, lot: LotId): [CommitteeStep, Blocker[]] {
  switch (view.lots[lot]?.phase) {
    case 'scoring':
      return ['scoring', stageBlockers(view, lot, 'scoring')];
    case 'prices':
      return ['score_prices', []];
    case 'summary':
      return ['lock_result', []];
    case 'locked':
      return ['locked', reportBlockers(view)];
    case 'signing': {
      const waitsFor = sealBlockers(view, lot);
      return [waitsFor.length > 0 ? 'signing' : 'seal_report', waitsFor];
    }
    case 'sealed':
      return ['sealed', []];
    default: {
      const isOver = latestRound(view.lots[lot]?.stages.examination)?.revealed_at != null;
      return [isOver ? 'conclude_examination' : 'examination', stageBlockers(view, lot, 'examination')];
    }
  }
}

/** Members who have stated a conflict and still sit in the committee, with the grounds as far as this viewer sees them. */
export function conflicts(view: RoomView): { readonly alias: Alias; readonly grounds: string | null }[] {
  return membersOf(view)
    .filter((alias) => view.seats[alias]?.conflict === true)
    .map((alias) => ({ alias, grounds: view.grounds[alias] ?? null }));
}
