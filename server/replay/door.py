"""Who may replay a room, and when. Source: `domain.md` 2.3: audit looks at a room after its close."""

from typing import ClassVar, Final

from server.domain.errors import Rejection
from server.domain.phases import Phase
from server.domain.rejections import RoleMayNot
from server.domain.roles import Role
from server.domain.state import RoomState, Seat

MAY_REPLAY: Final = frozenset({Role.AUDITOR})
"The table tells who saw what when, hidden lines of others included: no more than its readers hold anyway."


class ReplayClosed(Rejection):
    """Nobody looks over the members' shoulders while they evaluate."""

    code: ClassVar[str] = "replay_closed"
    sentence: ClassVar[str] = "The replay opens once the room is closed."


def demand_replay(seat: Seat, room: RoomState) -> None:
    """Let a seat replay the room.

    Raises:
        RoleMayNot: not this seat.
        ReplayClosed: not yet.
    """
    if seat.role not in MAY_REPLAY:
        raise RoleMayNot(command="replay", role=seat.role, phase=room.phase)
    if room.phase is not Phase.CLOSED:
        raise ReplayClosed
