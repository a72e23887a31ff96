/** A room in a few words: what it is about, which step it is at and since when, who is there, who has done the own part. */

import type { Alias, Millis, Phase, RoomView } from '../../protocol/generated';
import type { Line } from '../../session/line';
import { entry, membersOf } from '../../session/roomView';
import { lotIds } from '../committee';
import type { RoomPort } from '../roomPort';
import { lotsProgress, roomProgress } from '../watch/stages';

/** So many of so many. */
export interface Count {
  readonly done: number;
  readonly all: number;
}

export interface RoomGlance {
  readonly title: string;
  /** Of the room, or of the lot that is least far. */
  readonly phase: Phase;
  /** Where there are several: the one that is least far. */
  readonly lot: string | null;
  /** When the present step began. */
  readonly since: Millis | null;
  /** Members whose pages are connected. */
  readonly present: Count;
  /** Members who have done their part of the step; null where it has none for each. */
  readonly parts: Count | null;
  /** Those who have not. */
  readonly missing: readonly Alias[];
}

/** In the order in which a lot goes through them. */
const LOT_PHASES: readonly Phase[] = ['examination', 'scoring', 'prices', 'summary', 'locked', 'signing', 'sealed'];

/** Null before the room's first line has come. */
export function roomGlance({
  view,
  lines,
  presence,
}: Pick<RoomPort, 'view' | 'lines' | 'presence'>): RoomGlance | null {
  const { opening } = view;
  if (opening === null) return null;
  const lot = slowestLot(view);
  const members = membersOf(view);
  const step = currentStep(view, lot);
  return {
    title: opening.title,
    phase: view.phase === 'evaluation' ? (entry(view.lots, lot ?? '')?.phase ?? view.phase) : view.phase,
    lot: view.phase === 'evaluation' && lotIds(view).length > 1 ? (opening.lots[lot ?? '']?.title ?? null) : null,
    since: phaseSince(lines, lot),
    present: { done: members.filter((alias) => presence.has(alias)).length, all: members.length },
    parts: step?.parts ?? null,
    missing: step?.missing ?? [],
  };
}

function currentStep(view: RoomView, lot: string | null) {
  const steps = [...roomProgress(view), ...(lotsProgress(view).find((each) => each.lot === lot)?.steps ?? [])];
  return view.phase === 'closed' ? undefined : steps.find(({ state }) => state === 'current');
}

function slowestLot(view: RoomView): string | null {
  const place = (lot: string): number => LOT_PHASES.indexOf(entry(view.lots, lot)?.phase ?? 'prepared');
  return [...lotIds(view)].sort((a, b) => place(a) - place(b))[0] ?? null;
}

/** When the room, or this lot, came into the step that it is at. */
function phaseSince(lines: readonly Line[], lot: string | null): Millis | null {
  const changed = lines.filter(
    ({ event }) =>
      ['room_opened', 'phase_changed', 'room_closed'].includes(event.type) ||
      (event.type === 'lot_phase_changed' && event.lot === lot),
  );
  return changed.at(-1)?.head.at ?? null;
}
