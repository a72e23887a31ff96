"""Lines that no person caused: what the server itself has seen, as far as the rules let it write that down."""

import secrets
from collections.abc import Sequence
from typing import Protocol

from server.domain.errors import EvidenceBroken
from server.domain.events import AnyEvent
from server.domain.fold import apply
from server.domain.ids import Millis, RoomId
from server.domain.lines import SALT_SIZE, parse_line
from server.domain.rules.server_events import objection
from server.domain.state import RoomState
from server.evidence.sealing import seal


class ServerNotes(Protocol):
    """What has still to be written."""

    def due(self, room: RoomState) -> list[AnyEvent]:
        """The events to write now, given the room as it is; may be asked again before they stand."""
        ...

    def written(self) -> None:
        """What was given last stands."""
        ...


class NoNotes:
    """Nothing to write."""

    def due(self, room: RoomState) -> list[AnyEvent]:
        """Nothing."""
        return []

    def written(self) -> None:
        """Nothing stands."""


class NotesTogether:
    """What several have to write, in one entry."""

    def __init__(self, *notes: ServerNotes) -> None:
        self._notes = notes

    def due(self, room: RoomState) -> list[AnyEvent]:
        """All of it, in their order."""
        return [event for each in self._notes for event in each.due(room)]

    def written(self) -> None:
        """All of it stands."""
        for each in self._notes:
            each.written()


async def no_last_words(room_id: RoomId) -> ServerNotes:
    """Where nothing is recorded, nothing is left to be written before a room is closed."""
    return NoNotes()


async def never_recorded(room_id: RoomId, room: RoomState) -> None:
    """Where nothing is recorded, nothing goes on."""


def own_lines(events: Sequence[AnyEvent], room: RoomState, *, at: Millis, first_seq: int) -> tuple[bytes, ...]:
    """The lines of these events.

    Raises:
        EvidenceBroken: the rules do not let the server write them; with them nobody could verify the record any more.
    """
    lines = seal(events, at=at, first_seq=first_seq, salts=[secrets.token_bytes(SALT_SIZE) for _ in events])
    for line in map(parse_line, lines):
        reason = objection(line.event, room)
        if reason is not None:
            raise EvidenceBroken(f"The server may not write {type(line.event).__name__}: {reason}.")
        room = apply(room, line)
    return lines
