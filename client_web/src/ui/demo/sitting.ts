/** A demo's sitting as its lobby shows it; `server/demo/director.py` says the same. These routes exist in a demo only. */

import type { Alias, AnyCommand, BidAlias, CriterionId, Role, RoomId, VenueId } from '../../protocol/generated';
import { askServer, type ServerAnswer } from '../askServer';

export interface SittingSeat {
  readonly alias: Alias;
  readonly role: Role;
  readonly venue: VenueId;
  readonly venue_name: string;
  readonly held_by: 'script' | 'person' | 'nobody';
  /** What a scripted participant is preparing; empty for nothing. */
  readonly about_to: AnyCommand['type'] | '';
}

/** Points to type: by member, bid and criterion. */
export type PointsCard = Readonly<Record<Alias, Readonly<Record<BidAlias, Readonly<Record<CriterionId, string>>>>>>;

export interface Sitting {
  readonly room: RoomId;
  readonly title: string;
  readonly started: boolean;
  readonly seats: readonly SittingSeat[];
  readonly card: PointsCard;
  /** Of the criteria that members score. */
  readonly titles: Readonly<Record<CriterionId, string>>;
}

/** The seat that a visitor takes first: the worked example's chair. */
export const FIRST_SEAT: Alias = 'E1';

export const askSitting = (): Promise<ServerAnswer<Sitting>> => askServer('/api/demo');
export const startSitting = (): Promise<ServerAnswer<unknown>> => askServer('/api/demo/start', { method: 'POST' });
export const goOn = (): Promise<ServerAnswer<unknown>> => askServer('/api/demo/go-on', { method: 'POST' });

/** An entry code for a seat that its scripted participant leaves. */
export function takeSeat(alias: Alias): Promise<ServerAnswer<{ readonly code: string }>> {
  return askServer(`/api/demo/seats/${alias}`, { method: 'POST' });
}

/** The address that enters a seat by itself; the code stands in the fragment, which no server sees. */
export function entryAddress(code: string): string {
  return `/#code=${code.replace(/\D/g, '')}`;
}

/** The seats by venue, in the order they were planned. */
export function byVenue(seats: readonly SittingSeat[]): [name: string, seats: SittingSeat[]][] {
  const venues = new Map<VenueId, [string, SittingSeat[]]>();
  for (const seat of seats) {
    const found = venues.get(seat.venue) ?? [seat.venue_name, []];
    found[1].push(seat);
    venues.set(seat.venue, found);
  }
  return [...venues.values()];
}

/** The criteria of a member's card, in the order they first come. */
export function criteriaOf(rows: PointsCard[Alias]): CriterionId[] {
  return [...new Set(Object.values(rows).flatMap((row) => Object.keys(row)))];
}
