"""The feeds of all who are connected to one room, and who they are told is here."""

from collections.abc import Sequence

from server.domain.events import MemberReplaced, SeatReleased
from server.domain.ids import Alias
from server.domain.roles import Role
from server.domain.state import RoomState
from server.session.feed import Feed, StoredLine
from server.session.frames import AnyToSeat, Presence

UNSEEN_ROLES = frozenset({Role.SUPERVISOR, Role.AUDITOR})
"Those whose presence the seats are not told, though their enrolment is: decision 0019. Source: `domain.md` 2.3."


class Feeds:
    """One for each connection."""

    def __init__(self) -> None:
        self._feeds: set[Feed] = set()
        self._told_presence: tuple[Alias, ...] = ()

    def begin(self, feed: Feed, stored: Sequence[StoredLine], room: RoomState, note: tuple[str, int] | None) -> None:
        """Send a feed what its viewer lacks and the latest checkpoint, then all that comes; an earlier page ends.

        Args:
            feed: of a connection that is new here.
            stored: all lines so far.
            room: as they tell it.
            note: the latest checkpoint with the size it covers.
        """
        self._close_alias(feed.viewer.alias, "taken_over", "The seat has been opened in another window.")
        self._feeds.add(feed)
        feed.begin(stored, room)
        if note is not None:
            feed.checkpoint(*note)
        feed.send(Presence(connected=self._told_presence))
        self._tell_presence()

    def detach(self, feed: Feed) -> None:
        """End a connection's feed."""
        self._feeds.discard(feed)
        self._tell_presence()

    def publish(self, fresh: Sequence[StoredLine], room: RoomState) -> None:
        """Send new lines to whoever may see them; those whom they part from their seat are sent away with them."""
        for feed in self._feeds:
            feed.publish(fresh, room)
        self._part_with_leavers(fresh)

    def checkpoint(self, note: str, size: int) -> None:
        """Send a signed head."""
        for feed in self._feeds:
            feed.checkpoint(note, size)

    def broadcast(self, frame: AnyToSeat, only: Alias | None = None) -> None:
        """Send a passing frame to every feed, or to those of one alias."""
        for feed in self._feeds:
            if only is None or feed.viewer.alias == only:
                feed.send(frame)

    def close(self, code: str, text: str) -> None:
        """End every connection."""
        for feed in self._feeds:
            feed.close(code, text)

    def _close_alias(self, alias: Alias, code: str, text: str) -> None:
        """End the connections of one alias."""
        for feed in self._feeds:
            if feed.viewer.alias == alias:
                feed.close(code, text)

    def _part_with_leavers(self, fresh: Sequence[StoredLine]) -> None:
        """End the connections of those whom new lines part from their seat, after they have been sent those lines."""
        for each in fresh:
            match each.line.event:
                case SeatReleased(alias=alias):
                    self._close_alias(alias, "seat_released", "The seat is moved to another device.")
                case MemberReplaced(member=alias):
                    self._close_alias(alias, "seat_left", "You have been replaced; thank you for your work.")
                case _:
                    pass

    def _tell_presence(self) -> None:
        """Say who is connected, where it has changed: a frame more would tell that an unseen role has come."""
        seen = {feed.viewer.alias for feed in self._feeds if feed.viewer.role not in UNSEEN_ROLES}
        present = tuple(sorted(seen))
        if present != self._told_presence:
            self._told_presence = present
            self.broadcast(Presence(connected=present))
