/** The seats of a room as the console lists them: by venue, the operator's own first. */

import type { Alias, LotId, Role, Seat, Stage, StaffNeed, StageState, VenueId } from '../../protocol/generated';
import { entry } from '../../session/roomView';
import { isMemberSeat, latestRound, lotIds, seatsOf, venueName } from '../committee';
import type { RoomPort } from '../roomPort';
import { isAskedFor, seatPrecheck, type SeatPrecheck } from '../precheck/seatPrecheck';
import { shortCode } from '../shortCode';

/** How far a member is with the sheets of a stage that is under way, or was revealed last; `lot` is null for the ballot. */
export interface SheetMark {
  readonly lot: LotId | null;
  readonly stage: Stage;
  readonly state: 'handed_in' | 'filling' | 'pending';
  /** Cells of the sheet, while it is filled in and the page has told. */
  readonly filled: number;
  readonly total: number;
}

/** What an operator can do for a seat. */
export type SeatAct = 'confirm' | 'move' | 'issue_code';

export interface SeatRow {
  readonly alias: Alias;
  readonly role: Role;
  readonly isChair: boolean;
  /** The person's name, where this viewer may see it. */
  readonly name: string | null;
  /** `unseen`: of those who watch nobody is told whether they are here. `unknown`: this page is not connected itself. */
  readonly presence: 'present' | 'away' | 'unseen' | 'unknown';
  /** `vacant`: no device holds the seat. */
  readonly key: 'vacant' | 'enrolled' | 'confirmed';
  /** Of the seat's key, to compare; null for a vacant seat. */
  readonly code: string | null;
  /** Null for those who do not check in. */
  readonly checkIn: { readonly conflict: boolean | null; readonly pledged: boolean } | null;
  readonly sheets: readonly SheetMark[];
  /** What the seat calls the staff for, where this viewer is told. */
  readonly call: StaffNeed | null;
  /** How the seat's computer was found; null where it is not asked for, or not told to this viewer. */
  readonly precheck: SeatPrecheck | null;
  readonly acts: readonly SeatAct[];
}

export interface VenueRows {
  readonly venue: VenueId;
  readonly name: string;
  readonly isOwn: boolean;
  readonly rows: readonly SeatRow[];
}

type Shown = Pick<RoomPort, 'view' | 'presence' | 'progress' | 'me' | 'connection'>;

const UNSEEN: readonly Role[] = ['supervisor', 'auditor'];

/** Every seat that is still in the room, by venue. */
export function venueRows(room: Shown): VenueRows[] {
  const own = room.me?.venue;
  const venues = Object.keys(room.view.opening?.venues ?? {});
  return venues
    .map((venue) => ({
      venue,
      name: venueName(room.view, venue),
      isOwn: venue === own,
      rows: seatsOf(room.view)
        .filter(([, seat]) => seat.venue === venue && seat.left_at === null)
        .map(([alias, seat]) => seatRow(room, alias, seat)),
    }))
    .sort((a, b) => Number(b.isOwn) - Number(a.isOwn));
}

function seatRow(room: Shown, alias: Alias, seat: Seat): SeatRow {
  return {
    alias,
    role: seat.role,
    isChair: room.view.chair === alias,
    name: room.view.people[alias]?.name ?? null,
    presence: presenceOf(room, alias, seat),
    key: seat.key === null ? 'vacant' : seat.confirmed ? 'confirmed' : 'enrolled',
    code: seat.key === null ? null : shortCode(seat.key),
    checkIn: isMemberSeat(seat) ? { conflict: seat.conflict, pledged: seat.pledged } : null,
    sheets: isMemberSeat(seat) ? sheetMarks(room, alias) : [],
    call: entry(room.view.calls, alias) ?? null,
    precheck: shownPrecheck(room, alias, seat),
    acts: seatActs(room, alias, seat),
  };
}

/** What was found always; that nothing was, of seats in use, where the check is asked for and this operator is told. */
function shownPrecheck({ view, me }: Shown, alias: Alias, seat: Seat): SeatPrecheck | null {
  const found = seatPrecheck(view, alias);
  if (found?.state !== 'none') return found;
  const isTold = me?.role === 'host_operator' || seat.venue === me?.venue;
  return isTold && seat.key !== null && isAskedFor(view, alias) ? found : null;
}

function presenceOf({ presence, connection }: Shown, alias: Alias, { role }: Seat): SeatRow['presence'] {
  if (UNSEEN.includes(role)) return 'unseen';
  if (connection.state !== 'open') return 'unknown';
  return presence.has(alias) ? 'present' : 'away';
}

/** What this operator may do for a seat: only at the own venue, and nothing for the seat where the operator sits. */
function seatActs({ me, view }: Shown, alias: Alias, seat: Seat): SeatAct[] {
  if (seat.venue !== me?.venue || alias === me.alias || view.phase === 'closed') return [];
  if (seat.key === null) return ['issue_code'];
  return seat.confirmed ? ['move'] : ['confirm', 'move'];
}

function sheetMarks(room: Shown, alias: Alias): SheetMark[] {
  const { view } = room;
  if (view.phase === 'chair_election') return markOf(room, alias, null, 'election', view.election.stage);
  return lotIds(view).flatMap((lot) => {
    const state = view.lots[lot];
    const stage = state?.phase === 'examination' ? 'examination' : 'scoring';
    return markOf(room, alias, lot, stage, state?.stages[stage]);
  });
}

function markOf(
  { progress }: Shown,
  alias: Alias,
  lot: LotId | null,
  stage: Stage,
  state: StageState | undefined,
): SheetMark[] {
  const round = latestRound(state);
  if (round === null) return [];
  if (!round.pending.includes(alias)) {
    const handedIn = state?.rounds.some(({ handed_in }) => handed_in.includes(alias)) ?? false;
    return handedIn ? [{ lot, stage, state: 'handed_in', filled: 0, total: 0 }] : [];
  }
  const pending: SheetMark = { lot, stage, state: 'pending', filled: 0, total: 0 };
  const told = progress[alias];
  if (told?.lot !== lot || told.stage !== stage || told.total === 0) return [pending];
  return [{ ...pending, state: 'filling', filled: told.filled, total: told.total }];
}

/** Seats of the operator's own venue whose keys wait for a confirmation. */
export function waitingForConfirmation(venues: readonly VenueRows[]): readonly SeatRow[] {
  return venues.flatMap(({ isOwn, rows }) => (isOwn ? rows.filter(({ acts }) => acts.includes('confirm')) : []));
}
