/** How far a room and its lots are, step by step: who has done the own part, never what it was. */

import type { Alias, LotId, Phase, RoomView, Stage } from '../../protocol/generated';
import { entry, membersOf } from '../../session/roomView';
import { hasCheckedIn, latestRound, lotIds } from '../committee';

/** The steps of a room, then those of each lot. */
export type RoomStep = 'check_in' | 'chair_election';
export type LotStep = 'examination' | 'scoring' | 'prices' | 'summary' | 'signing';

export interface StepProgress {
  readonly step: RoomStep | LotStep;
  readonly state: 'done' | 'current' | 'ahead';
  /** Of a step that every member has a part in, once it has begun. */
  readonly parts: { readonly done: number; readonly all: number } | null;
  /** Who has still to do the own part of the present step. */
  readonly missing: readonly Alias[];
}

export interface LotProgress {
  readonly lot: LotId;
  readonly steps: readonly StepProgress[];
}

const ROOM_STEPS: readonly RoomStep[] = ['check_in', 'chair_election'];
const LOT_STEPS: readonly LotStep[] = ['examination', 'scoring', 'prices', 'summary', 'signing'];

/** Check-in and election. */
export function roomProgress(view: RoomView): StepProgress[] {
  const at = roomPlace(view);
  return ROOM_STEPS.map((step, index) => stepOf(step, index - at, () => roomParts(view, step)));
}

/** The steps of every lot. */
export function lotsProgress(view: RoomView): LotProgress[] {
  return lotIds(view).map((lot) => {
    const at = lotPlace(entry(view.lots, lot)?.phase);
    return { lot, steps: LOT_STEPS.map((step, index) => stepOf(step, index - at, () => lotParts(view, lot, step))) };
  });
}

/** `distance`: of the step from the present one. */
function stepOf(step: StepProgress['step'], distance: number, parts: () => Parts | null): StepProgress {
  if (distance > 0) return { step, state: 'ahead', parts: null, missing: [] };
  const { done, pending } = parts() ?? { done: null, pending: [] };
  const counted = done === null ? null : { done: done.length, all: done.length + pending.length };
  if (distance < 0) return { step, state: 'done', parts: counted, missing: [] };
  return { step, state: 'current', parts: counted, missing: pending };
}

interface Parts {
  readonly done: readonly Alias[];
  readonly pending: readonly Alias[];
}

/** The index of the room's present step; -1 before the first. */
function roomPlace(view: RoomView): number {
  if (view.phase === 'prepared') return -1;
  if (view.phase === 'check_in') return 0;
  if (view.phase === 'chair_election') return 1;
  return view.chair === null && view.phase === 'closed' ? -1 : ROOM_STEPS.length;
}

/** The index of a lot's present step; the step after a locked result is the signing. */
function lotPlace(phase: Phase | undefined): number {
  if (phase === 'locked') return LOT_STEPS.indexOf('signing');
  if (phase === 'sealed') return LOT_STEPS.length;
  return LOT_STEPS.findIndex((step) => step === phase);
}

function roomParts(view: RoomView, step: RoomStep): Parts | null {
  if (step === 'chair_election') return roundParts(view.election.stage);
  const members = membersOf(view);
  const isIn = (alias: Alias): boolean => {
    const seat = entry(view.seats, alias);
    return seat !== undefined && hasCheckedIn(seat);
  };
  return { done: members.filter(isIn), pending: members.filter((alias) => !isIn(alias)) };
}

function lotParts(view: RoomView, lot: LotId, step: LotStep): Parts | null {
  const state = entry(view.lots, lot);
  if (step === 'signing') {
    const { members = [], ends = {} } = state?.report ?? {};
    const hasEnded = (alias: Alias): boolean => (entry(ends, alias) ?? 'refused') !== 'refused';
    if (members.length === 0) return null;
    return { done: members.filter(hasEnded), pending: members.filter((alias) => !hasEnded(alias)) };
  }
  return step === 'examination' || step === 'scoring' ? roundParts(state?.stages[step satisfies Stage]) : null;
}

function roundParts(stage: Parameters<typeof latestRound>[0]): Parts | null {
  const round = latestRound(stage);
  return round && { done: round.handed_in, pending: round.pending };
}
