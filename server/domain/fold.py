"""`apply` places what an event carries; it computes nothing and refuses nothing.

It runs over all lines for the truth and over the visible ones for a view, here and (the same, in TypeScript) in the
client, so it never needs a line that some viewer of its result lacks.
"""

from collections.abc import Iterable
from typing import assert_never

from msgspec.structs import replace

from server.domain.agent_talk import PastTalk, Talk, TalkRequest
from server.domain.events import (
    BallotCast,
    BiddersListed,
    BidFileListed,
    BidsAdmitted,
    BidSealed,
    BidsRanked,
    ChairElected,
    DocumentKeyCertified,
    ExaminationConcluded,
    LotDrawn,
    LotPhaseChanged,
    MediaRecorded,
    MemberReplaced,
    MembersScored,
    MessageSent,
    NamesOpened,
    PersonSealed,
    PhaseChanged,
    PledgeMade,
    PrecheckReported,
    PricesOpened,
    PricesScored,
    RecordingBegan,
    RecordingGap,
    RecordingsChecked,
    RecordingSpaceTold,
    RecordingWaived,
    RecusalGrounds,
    RecusalStated,
    ResultLocked,
    ReturnGrounds,
    RoomCameraAdded,
    RoomCameraRemoved,
    RoomClosed,
    RoomOpened,
    RoomPaused,
    RoomResumed,
    RoundOpened,
    SeatConfirmed,
    SeatEnrolled,
    SeatPlanned,
    SeatReleased,
    SheetExamined,
    SheetHandedIn,
    SheetReturned,
    SheetScored,
    SigningOpened,
    StaffCallAnswered,
    StaffCalled,
    StageRevealed,
    TalkAsked,
    TalkEnded,
    TalkOpened,
    WallPassGiven,
    WallPassWithdrawn,
    WallPlayerCame,
    WallPlayerLeft,
)
from server.domain.fold_report import ReportEvent, changed_report
from server.domain.ids import Alias, LotId, WallId
from server.domain.lines import Line
from server.domain.phases import Phase, Stage
from server.domain.recordings import TrackRecording
from server.domain.state import (
    EMPTY,
    BidFile,
    DocumentKey,
    Identity,
    LotState,
    Precheck,
    RecordingsReview,
    Report,
    RoomCamera,
    RoomState,
    Round,
    Seat,
    StageState,
    WallPass,
    WallPlayer,
)


def fold(lines: Iterable[Line], room: RoomState = EMPTY) -> RoomState:
    """The room after these lines."""
    for line in lines:
        room = apply(room, line)
    return room


def apply(room: RoomState, line: Line) -> RoomState:  # noqa: C901  # routes only: one case an event
    """The room after one more line."""
    event = line.event
    if isinstance(event, ReportEvent):
        return _with_report(room, event, line)
    match event:
        case RoomOpened():
            return _opened(room, event)
        case SeatPlanned():
            return _with_seat(room, event.alias, Seat(role=event.role, venue=event.venue))
        case PersonSealed():
            return replace(room, people={**room.people, event.alias: event.person})
        case BiddersListed():
            return replace(room, bidders=event.names)
        case BidSealed():
            identity = Identity(bidder=event.bidder, offer=event.offer)
            lot = room.lots[event.lot]
            return _with_lot(room, event.lot, replace(lot, identities={**lot.identities, event.bid: identity}))
        case BidFileListed():
            lot = room.lots[event.lot]
            held = (*lot.files.get(event.bid, ()), BidFile(title=event.title, file=event.file))
            return _with_lot(room, event.lot, replace(lot, files={**lot.files, event.bid: held}))
        case SeatEnrolled():
            room = replace(room, keys={**room.keys, event.key: event.spki})
            return _with_seat(room, event.alias, replace(room.seats[event.alias], key=event.key, confirmed=False))
        case SeatConfirmed():
            seat = room.seats[event.alias]
            joined = line.seq if seat.joined_at is None else seat.joined_at
            return _with_seat(room, event.alias, replace(seat, confirmed=True, joined_at=joined))
        case SeatReleased():
            seat = room.seats[event.alias]
            checked = {alias: each for alias, each in room.prechecks.items() if alias != event.alias}
            seat = replace(seat, key=None, confirmed=False, moves=seat.moves + 1)
            return _with_seat(_walls_ended(replace(room, prechecks=checked), line, by=event.alias), event.alias, seat)
        case PhaseChanged():
            return replace(room, phase=event.phase, phase_at=line.seq)
        case LotPhaseChanged():
            return _lot_phase_changed(replace(room, phase_at=line.seq), event, line)
        case RecusalStated():
            return _with_seat(room, line.by, replace(room.seats[line.by], conflict=event.conflict))
        case RecusalGrounds():
            return replace(room, grounds={**room.grounds, line.by: event.grounds})
        case PledgeMade():
            return _with_seat(room, line.by, replace(room.seats[line.by], pledged=True))
        case MemberReplaced():
            return _replaced(room, event, line)
        case RoundOpened():
            return _round_opened(replace(room, phase_at=line.seq), event)
        case BallotCast():
            ballots = {**room.election.ballots, line.by: event.candidate}
            return replace(room, election=replace(room.election, ballots=ballots))
        case SheetHandedIn():
            return _with_stage(room, event.lot, event.stage, _handed_in(_stage(room, event.lot, event.stage), line.by))
        case StageRevealed():
            return _with_stage(room, event.lot, event.stage, _revealed(_stage(room, event.lot, event.stage), line))
        case ChairElected():
            return replace(room, chair=event.chair, election=replace(room.election, votes=event.votes))
        case SheetExamined():
            lot = room.lots[event.lot]
            return _with_lot(room, event.lot, replace(lot, verdicts={**lot.verdicts, line.by: event.verdicts}))
        case SheetScored():
            lot = room.lots[event.lot]
            return _with_lot(room, event.lot, replace(lot, points={**lot.points, line.by: event.points}))
        case ExaminationConcluded():
            return _with_lot(room, event.lot, replace(room.lots[event.lot], examination=event))
        case BidsAdmitted():
            return _with_lot(room, event.lot, replace(room.lots[event.lot], admitted=event.bids))
        case SheetReturned():
            stage = _with_pending(_stage(room, event.lot, event.stage), event.round, (event.member,))
            return _with_stage(replace(room, phase_at=line.seq), event.lot, event.stage, stage)
        case ReturnGrounds():
            lot = room.lots[event.lot]
            grounds = {**lot.return_grounds, event.member: event.reason}
            return _with_lot(room, event.lot, replace(lot, return_grounds=grounds))
        case MembersScored():
            return _with_lot(room, event.lot, replace(room.lots[event.lot], members=event))
        case LotDrawn():
            lot = room.lots[event.lot]
            return _with_lot(room, event.lot, replace(lot, draws={**lot.draws, event.draw: event.order}))
        case PricesOpened():
            return _with_lot(room, event.lot, replace(room.lots[event.lot], prices_opened_at=line.seq))
        case PricesScored():
            return _with_lot(room, event.lot, replace(room.lots[event.lot], prices=event))
        case BidsRanked():
            return _with_lot(room, event.lot, replace(room.lots[event.lot], ranked=event))
        case ResultLocked():
            return _with_lot(room, event.lot, replace(room.lots[event.lot], locked_at=line.seq))
        case NamesOpened():
            return replace(room, names_opened_at=line.seq)
        case DocumentKeyCertified():
            key = DocumentKey(key=event.key, certificate=event.certificate, named=event.named)
            return replace(room, document_keys={**room.document_keys, event.alias: key})
        case SigningOpened():
            opened = Report(version=event.version, members=event.members)
            return _with_lot(replace(room, phase_at=line.seq), event.lot, replace(room.lots[event.lot], report=opened))
        case StaffCalled():
            return replace(room, calls={**room.calls, line.by: event.need})
        case StaffCallAnswered():
            return replace(room, calls={who: need for who, need in room.calls.items() if who != event.alias})
        case MessageSent():
            return room
        case TalkAsked():
            request = TalkRequest(agent=event.agent, member=event.member, topic=event.topic, asked_at=line.head.at)
            return replace(room, talk_requests={**room.talk_requests, line.by: request})
        case TalkOpened():
            return replace(_without_request(room, event.asker), talk=_talk(event, line))
        case TalkEnded():
            return _talk_ended(room, event, line)
        case PrecheckReported():
            found = Precheck(at=line.head.at, marks=event.marks, clock_offset_ms=event.clock_offset_ms, line=event.line)
            return replace(room, prechecks={**room.prechecks, line.by: found})
        case RoomCameraAdded():
            return _with_camera(room, event.alias, RoomCamera(venue=event.venue, label=event.label))
        case RoomCameraRemoved():
            return _with_camera(room, event.alias, replace(room.cameras[event.alias], removed_at=line.seq))
        case WallPassGiven():
            given = WallPass(by=line.by, place=event.place, sha256=event.sha256, given_at=line.head.at)
            return _with_wall(room, event.wall, given)
        case WallPassWithdrawn():
            return _with_wall(room, event.wall, _ended_wall(room.walls[event.wall], line))
        case WallPlayerCame():
            player = WallPlayer(alias=event.alias, kind=event.kind, since=line.head.at)
            wall = room.walls[event.wall]
            return _with_wall(room, event.wall, replace(wall, players={**wall.players, event.player: player}))
        case WallPlayerLeft():
            wall = room.walls[event.wall]
            others = {name: player for name, player in wall.players.items() if name != event.player}
            return _with_wall(room, event.wall, replace(wall, players=others))
        case RecordingBegan():
            return _with_recording(room, event, TrackRecording(since=line.head.at))
        case RecordingGap():
            return _with_recording(room, event, TrackRecording(since=line.head.at, gap=event.gap))
        case MediaRecorded():
            return _with_pieces(room, event)
        case RecordingSpaceTold():
            return replace(room, recording_space=event.minutes)
        case RecordingsChecked():
            return replace(room, recordings_checked=RecordingsReview(at=line.head.at, check=event))
        case RecordingWaived():
            return _with_waiver(room, event)
        case RoomPaused():
            return replace(room, paused=event.reason, phase_at=line.seq)
        case RoomResumed():
            return replace(room, paused=None, phase_at=line.seq)
        case RoomClosed():
            room = replace(_walls_ended(room, line), phase=Phase.CLOSED, phase_at=line.seq, paused=None)
            return replace(room, closed_at=line.seq, closed=event.reason)
        case _:
            assert_never(event)


def _opened(room: RoomState, event: RoomOpened) -> RoomState:
    stages = {Stage.EXAMINATION: StageState(), Stage.SCORING: StageState()}
    lots = {lot: LotState(phase=Phase.PREPARED, stages=stages) for lot in event.lots}
    return replace(room, opening=event, lots=lots)


def _with_seat(room: RoomState, alias: Alias, seat: Seat) -> RoomState:
    return replace(room, seats={**room.seats, alias: seat})


def _with_camera(room: RoomState, alias: Alias, camera: RoomCamera) -> RoomState:
    return replace(room, cameras={**room.cameras, alias: camera})


def _with_wall(room: RoomState, name: WallId, wall: WallPass) -> RoomState:
    return replace(room, walls={**room.walls, name: wall})


def _walls_ended(room: RoomState, line: Line, by: Alias | None = None) -> RoomState:
    """End the passes of a giver, or else all."""
    walls = {
        name: _ended_wall(wall, line) if wall.ended_at is None and by in (None, wall.by) else wall
        for name, wall in room.walls.items()
    }
    return replace(room, walls=walls)


def _ended_wall(wall: WallPass, line: Line) -> WallPass:
    return replace(wall, ended_at=line.head.at, players={})


def _with_lot(room: RoomState, lot: LotId, state: LotState) -> RoomState:
    return replace(room, lots={**room.lots, lot: state})


def _lot_phase_changed(room: RoomState, event: LotPhaseChanged, line: Line) -> RoomState:
    lot = room.lots[event.lot]
    first = lot.opened_at is None and event.phase is Phase.EXAMINATION
    return _with_lot(room, event.lot, replace(lot, phase=event.phase, opened_at=line.seq if first else lot.opened_at))


def _with_report(room: RoomState, event: ReportEvent, line: Line) -> RoomState:
    lot = room.lots[event.lot]
    if lot.report is None:
        raise TypeError("the signing follows a report")
    return _with_lot(room, event.lot, replace(lot, report=changed_report(lot.report, event, line)))


def _talk(event: TalkOpened, line: Line) -> Talk:
    return Talk(
        asker=event.asker,
        agent=event.agent,
        member=event.member,
        topic=event.topic,
        witness=line.by,
        opened_at=line.head.at,
    )


def _talk_ended(room: RoomState, event: TalkEnded, line: Line) -> RoomState:
    talk = room.talk
    if talk is not None and talk.asker == event.asker:
        topic, witness, began_at = talk.topic, talk.witness, talk.opened_at
        talk = None
    else:
        request = room.talk_requests[event.asker]
        topic, witness, began_at = request.topic, None, request.asked_at
    past = PastTalk(
        asker=event.asker,
        agent=event.agent,
        member=event.member,
        topic=topic,
        witness=witness,
        began_at=began_at,
        ended_at=line.head.at,
        end=event.end,
    )
    return replace(_without_request(room, event.asker), talk=talk, past_talks=(*room.past_talks, past))


def _without_request(room: RoomState, asker: Alias) -> RoomState:
    return replace(room, talk_requests={who: each for who, each in room.talk_requests.items() if who != asker})


def _with_recording(room: RoomState, event: RecordingBegan | RecordingGap, track: TrackRecording) -> RoomState:
    of_seat = {**room.recordings.get(event.alias, {}), event.kind: track}
    return replace(room, recordings={**room.recordings, event.alias: of_seat})


def _with_pieces(room: RoomState, event: MediaRecorded) -> RoomState:
    pieces = dict(room.pieces)
    for track in event.tracks:
        pieces[track.alias] = {**pieces.get(track.alias, {}), track.kind: track.last}
    return replace(room, pieces=pieces)


def _with_waiver(room: RoomState, event: RecordingWaived) -> RoomState:
    of_seat = {**room.waivers.get(event.alias, {}), event.kind: event.reason}
    return replace(room, waivers={**room.waivers, event.alias: of_seat})


def _stage(room: RoomState, lot: LotId | None, stage: Stage) -> StageState:
    return room.election.stage if lot is None else room.lots[lot].stages[stage]


def _with_stage(room: RoomState, lot: LotId | None, stage: Stage, state: StageState) -> RoomState:
    if lot is None:
        return replace(room, election=replace(room.election, stage=state))
    return _with_lot(room, lot, replace(room.lots[lot], stages={**room.lots[lot].stages, stage: state}))


def _round_opened(room: RoomState, event: RoundOpened) -> RoomState:
    if event.lot is None:
        room = replace(room, election=replace(room.election, ballots={}))
    stage = _with_pending(_stage(room, event.lot, event.stage), event.round, event.members)
    return _with_stage(room, event.lot, event.stage, stage)


def _with_pending(stage: StageState, number: int, members: tuple[Alias, ...]) -> StageState:
    """The stage with these members to hand in, in a new round or in the open one."""
    if number > len(stage.rounds):
        return StageState(rounds=(*stage.rounds, Round(pending=members)))
    last = stage.rounds[-1]
    handed_in = tuple(alias for alias in last.handed_in if alias not in members)
    return _with_last_round(stage, replace(last, pending=(*last.pending, *members), handed_in=handed_in))


def _with_last_round(stage: StageState, last: Round) -> StageState:
    return StageState(rounds=(*stage.rounds[:-1], last))


def _handed_in(stage: StageState, member: Alias) -> StageState:
    last = stage.rounds[-1]
    pending = tuple(alias for alias in last.pending if alias != member)
    return _with_last_round(stage, replace(last, pending=pending, handed_in=(*last.handed_in, member)))


def _revealed(stage: StageState, line: Line) -> StageState:
    return _with_last_round(stage, replace(stage.rounds[-1], revealed_at=line.seq))


def _replaced(room: RoomState, event: MemberReplaced, line: Line) -> RoomState:
    seat = replace(room.seats[event.member], key=None, confirmed=False, successor=event.successor, left_at=line.seq)
    lots = {
        name: replace(lot, stages={key: _without(stage, event.member) for key, stage in lot.stages.items()})
        for name, lot in room.lots.items()
    }
    election = replace(room.election, stage=_without(room.election.stage, event.member))
    chair = None if room.chair == event.member else room.chair
    return _with_seat(replace(room, lots=lots, election=election, chair=chair), event.member, seat)


def _without(stage: StageState, member: Alias) -> StageState:
    """The stage without a member's part in the round that is still open."""
    if stage.open_round is None:
        return stage
    last = stage.rounds[-1]
    pending = tuple(alias for alias in last.pending if alias != member)
    handed_in = tuple(alias for alias in last.handed_in if alias != member)
    return _with_last_round(stage, replace(last, pending=pending, handed_in=handed_in))
