"""Tells operators when the media process drops much of what comes: the main venue's of every seat, others of theirs."""

from collections import defaultdict
from collections.abc import Callable, Collection
from typing import Final

import structlog

from server.domain.ids import Alias, RoomId
from server.domain.roles import OPERATORS, Role
from server.domain.state import RoomState
from server.session.feeds import UNSEEN_ROLES
from server.web.drop_watch import DropWatch
from server.web.signal_frames import DropsSeen
from signaling.messages import Stats

NOTHING: Final = DropsSeen(seats=(), strays=False)

Page = tuple[Alias, Callable[[DropsSeen], None]]
"A seat, and what passes frames to its page."

_log = structlog.get_logger(__name__)


class DropDesk:
    """All rooms."""

    def __init__(self) -> None:
        self._watches: defaultdict[RoomId, DropWatch] = defaultdict(DropWatch)
        self._told: dict[RoomId, dict[Page, DropsSeen]] = {}

    def hear(self, stats: Stats, room: RoomState, pages: Collection[Page]) -> None:
        """Take the counters, and tell each operator's page what it has not been told."""
        room_id = RoomId(stats.room)
        watch = self._watches[room_id]
        seen = {alias for alias, seat in room.seats.items() if seat.role not in UNSEEN_ROLES}
        for drops, packets in watch.look(stats.dropped, stats.strays, seen).items():
            _log.warning("media_drops", room=room_id, alias=drops.alias, cause=drops.cause, packets=packets)
        before, now = self._told.get(room_id, {}), {}
        for page in pages:
            alias, send = page
            if _is_operator(alias, room):
                now[page] = _for_operator(alias, room, watch)
                if now[page] != before.get(page, NOTHING):
                    send(now[page])
        self._told[room_id] = now

    def forget(self, room_id: RoomId) -> None:
        """The room is over."""
        self._watches.pop(room_id, None)
        self._told.pop(room_id, None)


def _is_operator(alias: Alias, room: RoomState) -> bool:
    return alias in room.seats and room.seats[alias].role in OPERATORS


def _for_operator(alias: Alias, room: RoomState, watch: DropWatch) -> DropsSeen:
    own = room.seats[alias]
    if own.role is Role.HOST_OPERATOR:
        return DropsSeen(seats=tuple(watch.seats), strays=watch.has_strays)
    near = tuple(each for each in watch.seats if room.seats[each.alias].venue == own.venue)
    return DropsSeen(seats=near, strays=False)
