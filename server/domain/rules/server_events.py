"""What the server itself may write into the record, without anybody's command: what it has seen of the recording,
that a talk could not go on, and what a supervisor's wall is shown.

The writer asks before it writes, and `verify` asks again: whoever holds the log can add nothing else.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

from server.domain.agent_talk import ENDS_BY_SERVER, TalkEnd
from server.domain.events import (
    AnyEvent,
    MediaRecorded,
    RecordingBegan,
    RecordingGap,
    RecordingsChecked,
    RecordingSpaceTold,
    RoomPaused,
    TalkEnded,
    WallPlayerCame,
    WallPlayerLeft,
)
from server.domain.ids import Alias
from server.domain.media_policy import publishes
from server.domain.phases import Phase
from server.domain.recordings import DIGEST_BYTES, MediaTrack, RecordedPieces, Stretches, TrackCheck
from server.domain.state import RoomState
from server.domain.wall_policy import open_walls, shown_tracks

PAUSE_AT_MINUTES: Final = 5
"With no more space than this the server pauses the room, before anything is lost."
NO_SPACE: Final = "录音录像存储空间即将用尽，系统已自动暂停。"
"The reason of that pause."


def objection(event: AnyEvent, room: RoomState) -> str | None:
    """Why the server may not write this event now; none if it may."""
    if isinstance(event, TalkEnded):
        return _talk_objection(event, room)
    if isinstance(event, WallPlayerCame | WallPlayerLeft):
        return _wall_objection(event, room)
    if not room.is_recorded or room.phase in (Phase.PREPARED, Phase.CLOSED):
        return "nothing is recorded in this room now"
    match event:
        case RecordingBegan():
            return _track_objection(event.alias, event.kind, room, is_recorded=False)
        case RecordingGap():
            return _track_objection(event.alias, event.kind, room, is_recorded=True)
        case MediaRecorded():
            return _pieces_objection(event.tracks, room)
        case RecordingSpaceTold():
            return "less than nothing is left" if event.minutes is not None and event.minutes < 0 else None
        case RecordingsChecked():
            return _check_objection(event, room)
        case RoomPaused():
            return _pause_objection(event, room)
        case _:
            return "only a person's command causes this"


def _track_objection(alias: Alias, kind: MediaTrack, room: RoomState, *, is_recorded: bool) -> str | None:
    if not _may_send(alias, room):
        return f"{alias} sends no sound and no pictures"
    track = room.recordings.get(alias, {}).get(kind)
    if (track is not None and track.gap is None) != is_recorded:
        return f"{alias} is {'not ' if is_recorded else ''}recorded already"
    return None


def _may_send(alias: Alias, room: RoomState) -> bool:
    """Whether an alias is one that sends; a room camera that is gone still has its last pieces to tell."""
    seat = room.seats.get(alias)
    return alias in room.cameras or (seat is not None and publishes(seat))


def _pieces_objection(tracks: tuple[RecordedPieces, ...], room: RoomState) -> str | None:
    if not tracks or len({(track.alias, track.kind) for track in tracks}) < len(tracks):
        return "no track, or one twice"
    for track in tracks:
        before = room.pieces.get(track.alias, {}).get(track.kind, 0)
        if not _may_send(track.alias, room):
            return f"{track.alias} sends no sound and no pictures"
        if not before < track.first <= track.last:
            return f"pieces {track.first} to {track.last} of {track.alias} after piece {before}"
        if len(track.digests) != DIGEST_BYTES * (track.last - track.first + 1):
            return f"not one digest for each piece of {track.alias}"
    return None


def _check_objection(event: RecordingsChecked, room: RoomState) -> str | None:
    if not 0 <= event.examined <= event.pieces:
        return f"{event.examined} of {event.pieces} pieces examined"
    if len({(track.alias, track.kind) for track in event.tracks}) < len(event.tracks):
        return "one track twice"
    return next(_track_check_objections(event.tracks, room), None)


def _track_check_objections(tracks: Iterable[TrackCheck], room: RoomState) -> Iterator[str]:
    for track in tracks:
        if not _may_send(track.alias, room):
            yield f"{track.alias} sends no sound and no pictures"
        if min(track.due_ms, track.recorded_ms, track.silent_apart_ms, track.unreadable) < 0:
            yield f"less than nothing of {track.alias}"
        if not all(map(_is_in_order, (track.gaps, track.still, track.dark, track.silent))):
            yield f"the stretches of {track.alias} do not follow each other"


def _is_in_order(stretches: Stretches) -> bool:
    """Whether the named stretches follow each other, and are no longer than all together."""
    named = stretches.longest
    lasts = sum(each.ends_at - each.begins_at for each in named)
    apart = all(before.ends_at <= after.begins_at for before, after in pairwise(named))
    return apart and lasts <= stretches.total_ms and all(each.begins_at < each.ends_at for each in named)


def _pause_objection(event: RoomPaused, room: RoomState) -> str | None:
    if room.paused is not None:
        return "the room is paused already"
    if event.reason != NO_SPACE or room.recording_space is None or room.recording_space > PAUSE_AT_MINUTES:
        return "only want of space lets the server pause a room"
    return None


def _talk_objection(event: TalkEnded, room: RoomState) -> str | None:
    """A talk or request may end together with the server's own pause; for reasons of its own only an open talk."""
    if room.talk is not None and room.talk.asker == event.asker:
        found, ends = (room.talk.agent, room.talk.member), ENDS_BY_SERVER | {TalkEnd.PAUSED}
    elif event.asker in room.talk_requests:
        request = room.talk_requests[event.asker]
        found, ends = (request.agent, request.member), frozenset({TalkEnd.PAUSED})
    else:
        return f"{event.asker} has no talk, and asks for none"
    if (event.agent, event.member) != found or event.end not in ends:
        return "no such talk, or its end is a person's to say"
    if event.end is TalkEnd.PAUSED and _pause_objection(RoomPaused(reason=NO_SPACE), room) is not None:
        return "the server does not pause the room"
    return None


def _wall_objection(event: WallPlayerCame | WallPlayerLeft, room: RoomState) -> str | None:
    wall = open_walls(room).get(event.wall)
    if wall is None:
        return f"no pass {event.wall} is open"
    if isinstance(event, WallPlayerLeft):
        return None if event.player in wall.players else f"{event.player} is not on the wall"
    if event.player in wall.players:
        return f"{event.player} is on the wall already"
    return (
        None if shown_tracks(wall, event.alias, event.kind, room) else f"no wall may show {event.kind} of {event.alias}"
    )
