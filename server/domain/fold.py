"""`apply` places what an event carries; it computes nothing and refuses nothing.

It runs over all lines for the truth and over the visible ones for a view, here and (the same, in TypeScript) in the
client, so it never needs a line that some viewer of its result lacks.
"""

from collections.abc import Iterable
from typing import assert_never

from msgspec.structs import replace

from server.domain.events import (
    BallotCast,
    BiddersListed,
    ChairElected,
    DocumentKeyCertified,
    LotPhaseChanged,
    MessageSent,
    NamesOpened,
    PhaseChanged,
    PrecheckReported,
    RoomCameraAdded,
    RoomCameraRemoved,
    RoomClosed,
    RoomOpened,
    RoomPaused,
    RoomResumed,
    RoundOpened,
    SheetReturned,
    SigningOpened,
    StaffCallAnswered,
    StaffCalled,
)
from server.domain.folds import lots, recordings, rounds, seats, talks, walls
from server.domain.ids import Alias
from server.domain.lines import Line
from server.domain.phases import Phase, Stage
from server.domain.state import EMPTY, DocumentKey, LotState, Precheck, RoomCamera, RoomState, StageState

_Move = (
    PhaseChanged | LotPhaseChanged | RoundOpened | SheetReturned | SigningOpened | RoomPaused | RoomResumed | RoomClosed
)
"The events after which an older view cannot decide."


def fold(lines: Iterable[Line], room: RoomState = EMPTY) -> RoomState:
    """The room after these lines."""
    for line in lines:
        room = apply(room, line)
    return room


def apply(room: RoomState, line: Line) -> RoomState:  # noqa: C901  # routes only
    """The room after one more line."""
    event = line.event
    if isinstance(event, _Move):
        room = replace(room, phase_at=line.seq)
    if isinstance(event, seats.SeatEvent):
        return seats.apply(room, event, line)
    if isinstance(event, rounds.RoundEvent):
        return rounds.apply(room, event, line)
    if isinstance(event, lots.LotEvent):
        return replace(room, lots={**room.lots, event.lot: lots.apply(room.lots[event.lot], event, line)})
    if isinstance(event, talks.TalkEvent):
        return talks.apply(room, event, line)
    if isinstance(event, walls.WallEvent):
        return walls.apply(room, event, line)
    if isinstance(event, recordings.RecordingEvent):
        return recordings.apply(room, event, line)
    match event:
        case RoomOpened():
            return _opened(room, event)
        case BiddersListed():
            return replace(room, bidders=event.names)
        case PhaseChanged():
            return replace(room, phase=event.phase)
        case BallotCast():
            ballots = {**room.election.ballots, line.by: event.candidate}
            return replace(room, election=replace(room.election, ballots=ballots))
        case ChairElected():
            return replace(room, chair=event.chair, election=replace(room.election, votes=event.votes))
        case NamesOpened():
            return replace(room, names_opened_at=line.seq)
        case DocumentKeyCertified():
            key = DocumentKey(key=event.key, certificate=event.certificate, named=event.named)
            return replace(room, document_keys={**room.document_keys, event.alias: key})
        case StaffCalled():
            return replace(room, calls={**room.calls, line.by: event.need})
        case StaffCallAnswered():
            return replace(room, calls={who: need for who, need in room.calls.items() if who != event.alias})
        case MessageSent():
            return room
        case PrecheckReported():
            found = Precheck(at=line.head.at, marks=event.marks, clock_offset_ms=event.clock_offset_ms, line=event.line)
            return replace(room, prechecks={**room.prechecks, line.by: found})
        case RoomCameraAdded():
            return _with_camera(room, event.alias, RoomCamera(venue=event.venue, label=event.label))
        case RoomCameraRemoved():
            return _with_camera(room, event.alias, replace(room.cameras[event.alias], removed_at=line.seq))
        case RoomPaused():
            return replace(room, paused=event.reason)
        case RoomResumed():
            return replace(room, paused=None)
        case RoomClosed():
            room = replace(walls.ended(room, line), phase=Phase.CLOSED, paused=None)
            return replace(room, closed_at=line.seq, closed=event.reason)
        case _:
            assert_never(event)


def _opened(room: RoomState, event: RoomOpened) -> RoomState:
    stages = {Stage.EXAMINATION: StageState(), Stage.SCORING: StageState()}
    return replace(room, opening=event, lots={lot: LotState(phase=Phase.PREPARED, stages=stages) for lot in event.lots})


def _with_camera(room: RoomState, alias: Alias, camera: RoomCamera) -> RoomState:
    return replace(room, cameras={**room.cameras, alias: camera})
