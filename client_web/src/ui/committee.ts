/** Questions about committee and rounds that several pages ask; the server asks the same in `committee.py`. */

import type { Alias, LotId, RoomView, Round, Seat, StageState, VenueId } from '../protocol/generated';
import { membersOf, openRound as openRoundNumber } from '../session/roomView';

/** Whether a seat belongs to the committee. */
export function isMemberSeat(seat: Seat): boolean {
  return seat.role === 'expert' || seat.role === 'representative';
}

/** Every seat with its alias, in the order they were planned. */
export function seatsOf(view: RoomView): [Alias, Seat][] {
  return Object.entries(view.seats);
}

/** Whether a member can be elected chair. Source: 87号令, Art. 45: not the purchaser's representative. */
export function isEligible(alias: Alias, view: RoomView): boolean {
  const isRepresentative = view.seats[alias]?.role === 'representative';
  return membersOf(view).includes(alias) && !(isRepresentative && view.opening?.regime === 'government_procurement');
}

/** Whether a member's check-in is complete. */
export function hasCheckedIn(seat: Seat): boolean {
  return seat.confirmed && seat.conflict === false && seat.pledged;
}

/** The round that waits for sheets, with its number from 1. */
export function openRound(stage: StageState | undefined): { number: number; round: Round } | null {
  const number = stage ? openRoundNumber(stage) : null;
  const round = latestRound(stage);
  return number === null || round === null ? null : { number, round };
}

/** The latest round, revealed or not. */
export function latestRound(stage: StageState | undefined): Round | null {
  return stage?.rounds.at(-1) ?? null;
}

/** Whether some round of a stage has been revealed. */
export function isRevealed(stage: StageState | undefined): boolean {
  return stage?.rounds.some((round) => round.revealed_at !== null) ?? false;
}

/** A venue's name. */
export function venueName(view: RoomView, venue: VenueId): string {
  return view.opening?.venues[venue]?.name ?? venue;
}

/** The lots in the tender's order. */
export function lotIds(view: RoomView): LotId[] {
  return Object.keys(view.opening?.lots ?? {});
}
