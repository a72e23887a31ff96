"""Writes into the record which players are on supervisors' walls: what was shown where, from when to when."""

from collections.abc import Awaitable, Callable, Mapping

from server.domain.events import AnyEvent, WallPlayerCame, WallPlayerLeft
from server.domain.ids import RoomId
from server.domain.rules.server_events import objection
from server.domain.state import RoomState
from server.session.room_session import RoomSession
from server.session.room_watch import Duty, RoomWatch

Present = Mapping[str, WallPlayerCame]
"The players that are connected, by name, each as the record tells that it came."


class WallNotes:
    """A `room_session.ServerNotes`: who has come and who has left since the record was last written.

    Args:
        present: those that are connected now.
    """

    def __init__(self, present: Callable[[], Present]) -> None:
        self._present = present

    def due(self, room: RoomState) -> list[AnyEvent]:
        """What the record does not tell yet; of passes that have ended nothing more."""
        present = self._present()
        noted = {(name, player) for name, wall in room.walls.items() for player in wall.players}
        left = [WallPlayerLeft(wall=wall, player=player) for wall, player in sorted(noted) if player not in present]
        known = {player for _, player in noted}
        events: list[AnyEvent] = [*left, *(each for player, each in present.items() if player not in known)]
        return [event for event in events if objection(event, room) is None]

    def written(self) -> None:
        """It stands in the record, which is all that is asked."""


def wall_watch(session: Callable[[RoomId], Awaitable[RoomSession]], present: Callable[[RoomId], Present]) -> RoomWatch:
    """Watches every room from its first pass on.

    Args:
        session: the live session of a room.
        present: the players of a room that are connected now.
    """
    duty = Duty(
        notes=lambda room_id: WallNotes(lambda: present(room_id)),
        begins=lambda room: bool(room.walls),
        failure="wall_not_noted",
    )
    return RoomWatch(session, duty)
