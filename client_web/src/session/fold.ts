/**
 * `apply` places what an event carries; it computes nothing and refuses nothing.
 *
 * The same as `server/domain/fold.py`, over the lines that one viewer may see; golden logs hold the two together.
 */

import type {
  Alias,
  AnyEvent,
  LotId,
  LotState,
  MemberReplaced,
  Millis,
  PastTalk,
  RecordedPieces,
  RecordingBegan,
  RecordingGap,
  RecordingWaived,
  RoomOpened,
  RoomView,
  Round,
  RoundOpened,
  Seat,
  SeatEnrolled,
  SeatPlanned,
  Seq,
  Stage,
  StageState,
  TalkEnded,
  TrackRecording,
  WallId,
  WallPass,
} from '../protocol/generated';
import { changedReport, openedReport } from './foldReport';
import type { Line } from './line';
import { LineOutOfPlace } from './lineOutOfPlace';
import { EMPTY_VIEW, entry } from './roomView';

export { LineOutOfPlace };

/** A line of a type that this page does not know: never skipped, since what follows may depend on it. Reload. */
export class UnknownEvent extends Error {
  override name = 'UnknownEvent';
}

/** The view after these lines. */
export function fold(lines: Iterable<Line>, view: RoomView = EMPTY_VIEW): RoomView {
  for (const line of lines) view = apply(view, line);
  return view;
}

/** The lines of one viewer as they come, and their fold; older ones that a reveal opens start it again. */
export class Folding {
  readonly #lines: Line[] = [];
  #view = EMPTY_VIEW;

  get view(): RoomView {
    return this.#view;
  }

  /** In their order in the record. */
  get lines(): readonly Line[] {
    return [...this.#lines];
  }

  /**
   * The view with these lines too, each of them new.
   *
   * @throws {UnknownEvent | LineOutOfPlace}
   */
  take(lines: readonly Line[]): RoomView {
    const sorted = [...lines].sort(bySeq);
    const isOlder = (sorted[0]?.head.seq ?? 0) < (this.#lines.at(-1)?.head.seq ?? 0);
    this.#lines.push(...sorted);
    if (isOlder) this.#lines.sort(bySeq);
    this.#view = isOlder ? fold(this.#lines) : fold(sorted, this.#view);
    return this.#view;
  }
}

function bySeq(a: Line, b: Line): number {
  return a.head.seq - b.head.seq;
}

/**
 * The view after one more line.
 *
 * @throws {UnknownEvent} for a type that this page does not know.
 * @throws {LineOutOfPlace} for a line that the record could not hold here.
 */
export function apply(view: RoomView, { head: { seq, by, at }, event }: Line): RoomView {
  switch (event.type) {
    case 'room_opened':
      return opened(view, event);
    case 'seat_planned':
      return { ...view, seats: { ...view.seats, [event.alias]: plannedSeat(event) } };
    case 'person_sealed':
      return { ...view, people: { ...view.people, [event.alias]: event.person } };
    case 'bidders_listed':
      return { ...view, bidders: event.names };
    case 'bid_sealed':
      return withLot(view, event.lot, ({ identities }) => ({
        identities: { ...identities, [event.bid]: { bidder: event.bidder, offer: event.offer } },
      }));
    case 'bid_file_listed':
      return withLot(view, event.lot, ({ files }) => ({
        files: {
          ...files,
          [event.bid]: [...(entry(files, event.bid) ?? []), { title: event.title, file: event.file }],
        },
      }));
    case 'seat_enrolled':
      return enrolled(view, event);
    case 'seat_confirmed':
      return withSeat(view, event.alias, ({ joined_at }) => ({ confirmed: true, joined_at: joined_at ?? seq }));
    case 'seat_released':
      return withSeat(seatLeft(view, event.alias, at), event.alias, ({ moves }) => ({
        key: null,
        confirmed: false,
        moves: moves + 1,
      }));
    case 'phase_changed':
      return { ...view, phase: event.phase, phase_at: seq };
    case 'lot_phase_changed':
      return withLot({ ...view, phase_at: seq }, event.lot, ({ opened_at }) => ({
        phase: event.phase,
        opened_at: opened_at ?? (event.phase === 'examination' ? seq : null),
      }));
    case 'recusal_stated':
      return withSeat(view, by, () => ({ conflict: event.conflict }));
    case 'recusal_grounds':
      return { ...view, grounds: { ...view.grounds, [by]: event.grounds } };
    case 'pledge_made':
      return withSeat(view, by, () => ({ pledged: true }));
    case 'member_replaced':
      return replaced(view, event, seq);
    case 'round_opened':
      return roundOpened({ ...view, phase_at: seq }, event);
    case 'ballot_cast':
      return withElection(view, { ballots: { ...view.election.ballots, [by]: event.candidate } });
    case 'sheet_handed_in':
      return withStage(view, event, (stage) => handedIn(stage, by));
    case 'stage_revealed':
      return withStage(view, event, (stage) => withLastRound(stage, () => ({ revealed_at: seq })));
    case 'chair_elected':
      return withElection({ ...view, chair: event.chair }, { votes: event.votes });
    case 'sheet_examined':
      return withLot(view, event.lot, ({ verdicts }) => ({ verdicts: { ...verdicts, [by]: event.verdicts } }));
    case 'sheet_scored':
      return withLot(view, event.lot, ({ points }) => ({ points: { ...points, [by]: event.points } }));
    case 'examination_concluded':
      return withLot(view, event.lot, () => ({ examination: event }));
    case 'bids_admitted':
      return withLot(view, event.lot, () => ({ admitted: event.bids }));
    case 'sheet_returned':
      return withStage({ ...view, phase_at: seq }, event, (stage) => withPending(stage, event.round, [event.member]));
    case 'return_grounds':
      return withLot(view, event.lot, ({ return_grounds }) => ({
        return_grounds: { ...return_grounds, [event.member]: event.reason },
      }));
    case 'members_scored':
      return withLot(view, event.lot, () => ({ members: event }));
    case 'lot_drawn':
      return withLot(view, event.lot, ({ draws }) => ({ draws: { ...draws, [event.draw]: event.order } }));
    case 'prices_opened':
      return withLot(view, event.lot, () => ({ prices_opened_at: seq }));
    case 'prices_scored':
      return withLot(view, event.lot, () => ({ prices: event }));
    case 'bids_ranked':
      return withLot(view, event.lot, () => ({ ranked: event }));
    case 'result_locked':
      return withLot(view, event.lot, () => ({ locked_at: seq }));
    case 'names_opened':
      return { ...view, names_opened_at: seq };
    case 'document_key_certified':
      return {
        ...view,
        document_keys: {
          ...view.document_keys,
          [event.alias]: { key: event.key, certificate: event.certificate, named: event.named ?? null },
        },
      };
    case 'signing_opened':
      return withLot({ ...view, phase_at: seq }, event.lot, () => ({ report: openedReport(event) }));
    case 'report_issued':
    case 'report_answered':
    case 'report_revised':
    case 'dissent_stated':
    case 'annex_signed':
    case 'annex_filed':
    case 'refusal_minuted':
    case 'refusal_minute':
    case 'report_sealed':
    case 'report_filed':
      return withLot(view, event.lot, ({ report }) => ({ report: changedReport(report, event, { by, seq, at }) }));
    case 'staff_called':
      return { ...view, calls: { ...view.calls, [by]: event.need } };
    case 'staff_call_answered':
      return { ...view, calls: without(view.calls, event.alias) };
    case 'message_sent':
      return { ...view }; // as it was, but another one: pages read the message from the lines that come with it
    case 'talk_asked': {
      const { agent, member, topic } = event;
      return { ...view, talk_requests: { ...view.talk_requests, [by]: { agent, member, topic, asked_at: at } } };
    }
    case 'talk_opened': {
      const { asker, agent, member, topic } = event;
      const talk = { asker, agent, member, topic, witness: by, opened_at: at };
      return { ...view, talk, talk_requests: without(view.talk_requests, asker) };
    }
    case 'talk_ended': {
      const talk = view.talk?.asker === event.asker ? null : view.talk;
      const past_talks = [...view.past_talks, pastTalk(view, event, at)];
      return { ...view, talk, past_talks, talk_requests: without(view.talk_requests, event.asker) };
    }
    case 'precheck_reported': {
      const { marks, clock_offset_ms, line } = event;
      return { ...view, prechecks: { ...view.prechecks, [by]: { at, marks, clock_offset_ms, line } } };
    }
    case 'room_camera_added': {
      const { alias, venue, label } = event;
      return { ...view, cameras: { ...view.cameras, [alias]: { venue, label, removed_at: null } } };
    }
    case 'room_camera_removed': {
      const camera = held(view.cameras, event.alias);
      return { ...view, cameras: { ...view.cameras, [event.alias]: { ...camera, removed_at: seq } } };
    }
    case 'wall_pass_given': {
      const { wall, place, sha256 } = event;
      return withWall(view, wall, { by, place, sha256, given_at: at, ended_at: null, players: {} });
    }
    case 'wall_pass_withdrawn':
      return withWall(view, event.wall, endedWall(held(view.walls, event.wall), at));
    case 'wall_player_came': {
      const wall = held(view.walls, event.wall);
      const player = { alias: event.alias, kind: event.kind, since: at };
      return withWall(view, event.wall, { ...wall, players: { ...wall.players, [event.player]: player } });
    }
    case 'wall_player_left': {
      const wall = held(view.walls, event.wall);
      return withWall(view, event.wall, { ...wall, players: without(wall.players, event.player) });
    }
    case 'recording_began':
      return withRecording(view, event, { since: at, gap: null });
    case 'recording_gap':
      return withRecording(view, event, { since: at, gap: event.gap });
    case 'media_recorded':
      return { ...view, pieces: event.tracks.reduce(withLastPiece, view.pieces) };
    case 'recording_space_told':
      return { ...view, recording_space: event.minutes };
    case 'recordings_checked':
      return { ...view, recordings_checked: { at, check: event } };
    case 'recording_waived':
      return withWaiver(view, event);
    case 'room_paused':
      return { ...view, paused: event.reason, phase_at: seq };
    case 'room_resumed':
      return { ...view, paused: null, phase_at: seq };
    case 'room_closed':
      return {
        ...withWallsEnded(view, at, () => true),
        phase: 'closed',
        phase_at: seq,
        paused: null,
        closed_at: seq,
        closed: event.reason,
      };
    default:
      return unknownEvent(event);
  }
}

function unknownEvent(event: never): never {
  throw new UnknownEvent(`This page does not know the event ${(event as AnyEvent).type}.`);
}

function opened(view: RoomView, event: RoomOpened): RoomView {
  const lots = Object.keys(event.lots).map((lot): [LotId, LotState] => [lot, EMPTY_LOT]);
  return { ...view, opening: event, lots: Object.fromEntries(lots) };
}

/** A lot in which nothing has happened. */
export const EMPTY_LOT: LotState = {
  phase: 'prepared',
  stages: { examination: { rounds: [] }, scoring: { rounds: [] } },
  identities: {},
  verdicts: {},
  points: {},
  return_grounds: {},
  admitted: null,
  examination: null,
  members: null,
  prices_opened_at: null,
  prices: null,
  ranked: null,
  draws: {},
  locked_at: null,
  opened_at: null,
  files: {},
  report: null,
};

function plannedSeat({ role, venue }: SeatPlanned): Seat {
  return {
    role,
    venue,
    key: null,
    confirmed: false,
    joined_at: null,
    moves: 0,
    conflict: null,
    pledged: false,
    successor: null,
    left_at: null,
  };
}

function enrolled(view: RoomView, { alias, key, spki }: SeatEnrolled): RoomView {
  const keys = { ...view.keys, [key]: spki };
  return withSeat({ ...view, keys }, alias, () => ({ key, confirmed: false }));
}

// -- places ----------------------------------------------------------------------------------------------------------

function held<T>(record: Readonly<Record<string, T>>, name: string): T {
  const value = entry(record, name);
  if (value === undefined) throw new LineOutOfPlace(`There is no ${name} in the room yet.`);
  return value;
}

function without<T>(record: Readonly<Record<string, T>>, name: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}

function withSeat(view: RoomView, alias: Alias, change: (seat: Seat) => Partial<Seat>): RoomView {
  const seat = held(view.seats, alias);
  return { ...view, seats: { ...view.seats, [alias]: { ...seat, ...change(seat) } } };
}

function withWall(view: RoomView, name: WallId, wall: WallPass): RoomView {
  return { ...view, walls: { ...view.walls, [name]: wall } };
}

function withWallsEnded(view: RoomView, at: Millis, isMeant: (wall: WallPass) => boolean): RoomView {
  const walls = Object.entries(view.walls).map(([name, wall]): [string, WallPass] => [
    name,
    wall.ended_at === null && isMeant(wall) ? endedWall(wall, at) : wall,
  ]);
  return { ...view, walls: Object.fromEntries(walls) };
}

function endedWall(wall: WallPass, at: Millis): WallPass {
  return { ...wall, ended_at: at, players: {} };
}

/** A seat is moved to another device: what it has found out about the old one goes, and so do its walls. */
function seatLeft(view: RoomView, alias: Alias, at: Millis): RoomView {
  const left = { ...view, prechecks: without(view.prechecks, alias) };
  return withWallsEnded(left, at, ({ by }) => by === alias);
}

function withLot(view: RoomView, lot: LotId, change: (state: LotState) => Partial<LotState>): RoomView {
  const state = held(view.lots, lot);
  return { ...view, lots: { ...view.lots, [lot]: { ...state, ...change(state) } } };
}

function withRecording(
  view: RoomView,
  { alias, kind }: RecordingBegan | RecordingGap,
  track: TrackRecording,
): RoomView {
  const ofSeat = { ...entry(view.recordings, alias), [kind]: track };
  return { ...view, recordings: { ...view.recordings, [alias]: ofSeat } };
}

function withWaiver(view: RoomView, { alias, kind, reason }: RecordingWaived): RoomView {
  return { ...view, waivers: { ...view.waivers, [alias]: { ...entry(view.waivers, alias), [kind]: reason } } };
}

function withLastPiece(pieces: RoomView['pieces'], { alias, kind, last }: RecordedPieces): RoomView['pieces'] {
  return { ...pieces, [alias]: { ...entry(pieces, alias), [kind]: last } };
}

/** What is over now: the open talk, or what asked for one. */
function pastTalk(view: RoomView, { asker, agent, member, end }: TalkEnded, at: Millis): PastTalk {
  const over = { asker, agent, member, end, ended_at: at };
  if (view.talk?.asker === asker) {
    const { topic, witness, opened_at } = view.talk;
    return { ...over, topic, witness, began_at: opened_at };
  }
  const { topic, asked_at } = held(view.talk_requests, asker);
  return { ...over, topic, witness: null, began_at: asked_at };
}

function withElection(view: RoomView, change: Partial<RoomView['election']>): RoomView {
  return { ...view, election: { ...view.election, ...change } };
}

interface StagePlace {
  readonly lot: LotId | null;
  readonly stage: Stage;
}

function withStage(view: RoomView, { lot, stage }: StagePlace, change: (state: StageState) => StageState): RoomView {
  if (lot === null) return withElection(view, { stage: change(view.election.stage) });
  return withLot(view, lot, ({ stages }) => ({ stages: { ...stages, [stage]: change(held(stages, stage)) } }));
}

function withLastRound(stage: StageState, change: (last: Round) => Partial<Round>): StageState {
  const last = stage.rounds.at(-1);
  if (last === undefined) throw new LineOutOfPlace('No round has been opened yet.');
  return { rounds: [...stage.rounds.slice(0, -1), { ...last, ...change(last) }] };
}

// -- rounds ----------------------------------------------------------------------------------------------------------

function roundOpened(view: RoomView, event: RoundOpened): RoomView {
  const before = event.lot === null ? withElection(view, { ballots: {} }) : view;
  return withStage(before, event, (stage) => withPending(stage, event.round, event.members));
}

/** The stage with these members to hand in, in a new round or in the open one. */
function withPending(stage: StageState, round: number, members: readonly Alias[]): StageState {
  if (round > stage.rounds.length) {
    return { rounds: [...stage.rounds, { pending: members, handed_in: [], revealed_at: null }] };
  }
  return withLastRound(stage, ({ pending, handed_in }) => ({
    pending: [...pending, ...members],
    handed_in: handed_in.filter((alias) => !members.includes(alias)),
  }));
}

function handedIn(stage: StageState, member: Alias): StageState {
  return withLastRound(stage, ({ pending, handed_in }) => ({
    pending: pending.filter((alias) => alias !== member),
    handed_in: [...handed_in, member],
  }));
}

function replaced(view: RoomView, { member, successor }: MemberReplaced, seq: Seq): RoomView {
  const lots = Object.entries(view.lots).map(([name, lot]): [LotId, LotState] => {
    const stages = Object.entries(lot.stages).map(([stage, state]) => [stage, withoutMember(state, member)]);
    return [name, { ...lot, stages: Object.fromEntries(stages) as LotState['stages'] }];
  });
  const after = withElection(
    { ...view, lots: Object.fromEntries(lots), chair: view.chair === member ? null : view.chair },
    { stage: withoutMember(view.election.stage, member) },
  );
  return withSeat(after, member, () => ({ key: null, confirmed: false, successor, left_at: seq }));
}

/** The stage without a member's part in the round that is still open. */
function withoutMember(stage: StageState, member: Alias): StageState {
  if (stage.rounds.at(-1)?.revealed_at !== null) return stage;
  return withLastRound(stage, ({ pending, handed_in }) => ({
    pending: pending.filter((alias) => alias !== member),
    handed_in: handed_in.filter((alias) => alias !== member),
  }));
}
