"""What is recorded, what is not any more and why, and what was found in it."""

from typing import assert_never

from msgspec.structs import replace

from server.domain.events import (
    MediaRecorded,
    RecordingBegan,
    RecordingGap,
    RecordingsChecked,
    RecordingSpaceTold,
    RecordingWaived,
)
from server.domain.lines import Line
from server.domain.recordings import TrackRecording
from server.domain.state import RecordingsReview, RoomState

RecordingEvent = (
    RecordingBegan | RecordingGap | MediaRecorded | RecordingSpaceTold | RecordingsChecked | RecordingWaived
)
"The events that tell of recordings."


def apply(room: RoomState, event: RecordingEvent, line: Line) -> RoomState:
    """The room after one more of these events, which stands in this line."""
    match event:
        case RecordingBegan():
            return _with_track(room, event, TrackRecording(since=line.head.at))
        case RecordingGap():
            return _with_track(room, event, TrackRecording(since=line.head.at, gap=event.gap))
        case MediaRecorded():
            return _with_pieces(room, event)
        case RecordingSpaceTold():
            return replace(room, recording_space=event.minutes)
        case RecordingsChecked():
            return replace(room, recordings_checked=RecordingsReview(at=line.head.at, check=event))
        case RecordingWaived():
            of_seat = {**room.waivers.get(event.alias, {}), event.kind: event.reason}
            return replace(room, waivers={**room.waivers, event.alias: of_seat})
        case _:
            assert_never(event)


def _with_track(room: RoomState, event: RecordingBegan | RecordingGap, track: TrackRecording) -> RoomState:
    of_seat = {**room.recordings.get(event.alias, {}), event.kind: track}
    return replace(room, recordings={**room.recordings, event.alias: of_seat})


def _with_pieces(room: RoomState, event: MediaRecorded) -> RoomState:
    pieces = dict(room.pieces)
    for track in event.tracks:
        pieces[track.alias] = {**pieces.get(track.alias, {}), track.kind: track.last}
    return replace(room, pieces=pieces)
