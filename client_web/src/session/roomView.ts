/** What one viewer's lines fold to, and the questions that the page asks of it. */

import {
  LOT_COMMANDS,
  PERMISSIONS,
  type Alias,
  type AnyCommand,
  type LotId,
  type Phase,
  type Role,
  type RoomView,
  type Stage,
  type StageState,
} from '../protocol/generated';

/** A room before its first line. */
export const EMPTY_VIEW: RoomView = {
  opening: null,
  phase: 'prepared',
  phase_at: 0,
  paused: null,
  seats: {},
  people: {},
  bidders: [],
  grounds: {},
  keys: {},
  election: { stage: { rounds: [] }, ballots: {}, votes: {} },
  chair: null,
  lots: {},
  document_keys: {},
  names_opened_at: null,
  calls: {},
  talk: null,
  talk_requests: {},
  past_talks: [],
  prechecks: {},
  cameras: {},
  walls: {},
  recordings: {},
  pieces: {},
  recording_space: null,
  recordings_checked: null,
  waivers: {},
  closed_at: null,
  closed: null,
};

/** A sheet that a member fills in; `lot` is null for the ballot. */
export interface SheetPlace {
  readonly lot: LotId | null;
  readonly stage: Stage;
  /** From 1. */
  readonly round: number;
}

/** The value under a name that the record itself holds, and not one that every object has. */
export function entry<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** The round that waits for sheets, from 1; null if none does. */
export function openRound(stage: StageState): number | null {
  return stage.rounds.at(-1)?.revealed_at === null ? stage.rounds.length : null;
}

/** Every sheet that an alias has still to hand in. */
export function openSheets(view: RoomView, alias: Alias): SheetPlace[] {
  const stages: [LotId | null, string, StageState][] = [[null, 'election', view.election.stage]];
  for (const [lot, state] of Object.entries(view.lots)) {
    for (const [stage, rounds] of Object.entries(state.stages)) stages.push([lot, stage, rounds]);
  }
  return stages.flatMap(([lot, stage, state]) => {
    const round = openRound(state);
    const isPending = state.rounds.at(-1)?.pending.includes(alias) ?? false;
    return round !== null && isPending ? [{ lot, stage: stage as Stage, round }] : [];
  });
}

/** The planned role of an alias and, for the elected member, the chair; none for a stranger. */
export function rolesOf(view: RoomView, alias: Alias): Role[] {
  const role = entry(view.seats, alias)?.role;
  if (role === undefined) return [];
  return view.chair === alias ? [role, 'chair'] : [role];
}

/** The members who take part now, in the order they were planned. */
export function membersOf(view: RoomView): Alias[] {
  return Object.entries(view.seats)
    .filter(([, seat]) => (seat.role === 'expert' || seat.role === 'representative') && seat.left_at === null)
    .map(([alias]) => alias);
}

/** The phase whose row of the table decides about a command; `lot` for the commands of a lot. */
export function phaseFor(view: RoomView, command: AnyCommand['type'], lot?: LotId): Phase {
  if (view.paused !== null) return 'paused';
  const state = lot !== undefined && LOT_COMMANDS.includes(command) ? entry(view.lots, lot) : undefined;
  return state !== undefined && view.phase === 'evaluation' ? state.phase : view.phase;
}

/** Whether role and phase let an alias ask for a command; the server's rules may refuse it all the same. */
export function mayAsk(view: RoomView, alias: Alias, command: AnyCommand['type'], lot?: LotId): boolean {
  const roles = PERMISSIONS[phaseFor(view, command, lot)][command] ?? [];
  return rolesOf(view, alias).some((role) => roles.includes(role));
}
