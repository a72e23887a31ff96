"""Ends the talks with the agent that may not go on: their witness hears the room no more, a side is not recorded any
more, or they have lasted long enough. Whatever else ends a talk is somebody's command.
"""

from collections.abc import Awaitable, Callable, Collection

from server.domain.agent_talk import TALK_LIMIT_MS
from server.domain.events import AnyEvent, TalkEnded
from server.domain.ids import Alias, Millis, RoomId
from server.domain.state import RoomState
from server.domain.talk_policy import end_due
from server.session.room_session import RoomSession
from server.session.room_watch import Duty, RoomWatch


class TalkNotes:
    """A `room_session.ServerNotes`: the end of the talk that is open, once it is due.

    Args:
        listening: the seats that the room's sound reaches now.
        clock: the server's.
    """

    def __init__(self, listening: Callable[[], Collection[Alias]], clock: Callable[[], Millis]) -> None:
        self._listening = listening
        self._clock = clock

    def due(self, room: RoomState) -> list[AnyEvent]:
        """The end, if the talk may not go on."""
        end = end_due(room, self._listening(), self._clock())
        if room.talk is None or end is None:
            return []
        return [TalkEnded(asker=room.talk.asker, agent=room.talk.agent, member=room.talk.member, end=end)]

    def written(self) -> None:
        """It stands in the record, which is all that is asked."""


def talk_watch(
    session: Callable[[RoomId], Awaitable[RoomSession]],
    listening: Callable[[RoomId], Collection[Alias]],
    clock: Callable[[], Millis],
) -> RoomWatch:
    """Watches every room from its first talk on.

    Args:
        session: the live session of a room.
        listening: the seats of a room that its sound reaches now.
        clock: the server's.
    """
    duty = Duty(
        notes=lambda room_id: TalkNotes(lambda: listening(room_id), clock),
        begins=lambda room: room.talk is not None,
        left_s=lambda room: _left_s(room, clock()),
        failure="talk_not_ended",
    )
    return RoomWatch(session, duty)


def _left_s(room: RoomState, now: Millis) -> float | None:
    """Until the talk has lasted long enough; none where there is none."""
    return None if room.talk is None else max(0, room.talk.opened_at + TALK_LIMIT_MS - now) / 1000
