/** Every line of the record in words: as the operators' feed tells it where it does, and here all the others. */

import type { Alias, AnyEvent } from '../../protocol/generated';
import type { Line } from '../../session/line';
import { happenings } from '../console/happenings';

/** A message with what it asks for. */
export interface Sentence {
  readonly key: string;
  /** As they are. */
  readonly facts: Readonly<Record<string, string>>;
  /** To be translated first: message keys by name. */
  readonly words: Readonly<Record<string, string>>;
}

/** What a line says, hidden ones included: for eyes that may see the line. */
export function sentenceOf(line: Line): Sentence {
  const [told] = happenings([line]);
  if (told !== undefined) return { key: `console.feed.${told.code}`, facts: told.facts, words: told.words };
  const { head, event } = line;
  const { facts = {}, words = {} } =
    tellOfBids(event) ??
    tellOfPeople(head.by, event) ??
    tellOfRecording(event) ??
    tellOfWalls(head.by, event) ??
    tellOfSheets(head.by, event) ??
    tellOfReports(head.by, event);
  return { key: `replay.line.${event.type}`, facts, words };
}

type Told = Partial<Pick<Sentence, 'facts' | 'words'>>;

function tellOfBids(event: AnyEvent): Told | null {
  switch (event.type) {
    case 'bidders_listed':
      return { facts: { count: String(event.names.length) } };
    case 'bid_sealed':
      return { facts: { lot: event.lot, bid: event.bid, bidder: event.bidder } };
    case 'bid_file_listed':
      return { facts: { lot: event.lot, bid: event.bid, title: event.title } };
    case 'bids_admitted':
      return { facts: { lot: event.lot, bids: event.bids.join(' ') } };
    default:
      return null;
  }
}

function tellOfPeople(by: Alias, event: AnyEvent): Told | null {
  switch (event.type) {
    case 'seat_planned':
      return { facts: { seat: event.alias }, words: { role: `role.${event.role}` } };
    case 'person_sealed':
      return { facts: { seat: event.alias, name: event.person.name } };
    case 'precheck_reported': {
      const marks = Object.values(event.marks);
      const [failed, warned] = (['failed', 'warned'] as const).map(
        (mark) => marks.filter((each) => each === mark).length,
      );
      return { facts: { seat: by, failed: String(failed), warned: String(warned) } };
    }
    case 'document_key_certified':
      return { facts: { seat: event.alias } };
    case 'message_sent':
      return { facts: { seat: by, text: event.text } };
    case 'recusal_grounds':
      return { facts: { seat: by, grounds: event.grounds } };
    default:
      return null;
  }
}

/** Which pieces there are, and what the operators are not told of screens: that they come and go. */
function tellOfRecording(event: AnyEvent): Told | null {
  switch (event.type) {
    case 'media_recorded': {
      const pieces = event.tracks.map(({ first, last }) => last - first + 1);
      return { facts: { count: String(pieces.reduce((sum, each) => sum + each, 0)) } };
    }
    case 'recording_began':
      return { facts: { seat: event.alias }, words: { device: `recording.kind.${event.kind}` } };
    case 'recording_gap': {
      const words = { device: `recording.kind.${event.kind}`, gap: `recording.gap.${event.gap}` };
      return { facts: { seat: event.alias }, words };
    }
    default:
      return null;
  }
}

function tellOfWalls(by: Alias, event: AnyEvent): Told | null {
  switch (event.type) {
    case 'wall_pass_given':
      return { facts: { by, wall: event.wall, place: event.place } };
    case 'wall_pass_withdrawn':
      return { facts: { by, wall: event.wall } };
    case 'wall_player_came': {
      const { wall, player, alias, kind } = event;
      return { facts: { wall, player, alias }, words: { device: `recording.kind.${kind}` } };
    }
    case 'wall_player_left':
      return { facts: { wall: event.wall, player: event.player } };
    default:
      return null;
  }
}

function tellOfSheets(by: Alias, event: AnyEvent): Told | null {
  switch (event.type) {
    case 'round_opened': {
      const facts = { round: String(event.round), count: String(event.members.length) };
      return { facts, words: { sheet: `console.sheet.${event.stage}` } };
    }
    case 'ballot_cast':
      return { facts: { seat: by, candidate: event.candidate } };
    case 'sheet_examined':
    case 'sheet_scored':
      return { facts: { seat: by, lot: event.lot, round: String(event.round) } };
    case 'return_grounds':
      return { facts: { seat: event.member, reason: event.reason } };
    case 'examination_concluded':
      return { facts: { lot: event.lot, count: String(Object.keys(event.rejected).length) } };
    case 'lot_drawn':
      return { facts: { lot: event.lot, order: event.order.join(' ') }, words: { draw: `draw.${event.draw}` } };
    default:
      return null;
  }
}

function tellOfReports(by: Alias, event: AnyEvent): Told {
  switch (event.type) {
    case 'members_scored':
    case 'prices_opened':
    case 'prices_scored':
    case 'bids_ranked':
    case 'result_locked':
    case 'report_filed':
      return { facts: { lot: event.lot } };
    case 'report_issued':
    case 'report_sealed':
      return { facts: { lot: event.lot, version: String(event.version) } };
    case 'report_revised':
    case 'annex_filed':
      return { facts: { lot: event.lot, seat: by } };
    case 'dissent_stated':
      return { facts: { lot: event.lot, seat: by, text: event.text } };
    case 'refusal_minute':
      return { facts: { lot: event.lot, seat: event.member, text: event.minute } };
    default:
      return {};
  }
}
