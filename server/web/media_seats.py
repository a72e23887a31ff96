"""The seats that want media: the page of each, the connection it was offered, and whether that reaches the person."""

from collections.abc import Callable, Collection

from msgspec import Struct

from server.domain.ids import Alias, RoomId
from server.domain.recordings import TrackKey
from server.domain.state import RoomState
from server.web.signal_frames import (
    DropsSeen,
    HandLowered,
    MediaConnected,
    MediaFailing,
    MediaGone,
    MediaOffer,
    PicturesPaused,
    RoomHeard,
    SeatShown,
)
from signaling.messages import Away, SetView

ToPage = (
    MediaOffer
    | MediaConnected
    | MediaGone
    | PicturesPaused
    | SeatShown
    | HandLowered
    | RoomHeard
    | DropsSeen
    | MediaFailing
)
Send = Callable[[ToPage], None]
"Passes a frame to a seat's page."


class Seat(Struct):
    """A seat that wants media."""

    send: Send
    room: RoomState
    sources: tuple[TrackKey, ...]
    shown: SetView | None = None
    "What its page shows; none before it has said so."
    connection: int | None = None
    "The one that the last offer named; none before it and after its end."
    is_reached: bool = False
    "Its connection stands, so that sound and pictures reach it."
    hears: bool = True
    "Its page plays the room's sound; else none is sent to it."
    paused: PicturesPaused | None = None
    "What was said last of the pictures held back on its connection; a page that was away has not heard it."


class MediaSeats:
    """The seats of all rooms.

    Args:
        reach_changed: is told in which room sound and pictures reach other seats than before.
    """

    def __init__(self, reach_changed: Callable[[RoomId], None]) -> None:
        self._reach_changed = reach_changed
        self._seats: dict[tuple[RoomId, Alias], Seat] = {}

    def put(self, room_id: RoomId, alias: Alias, seat: Seat, kept: int | None) -> None:
        """A page is there, in place of an earlier one; `kept` is the connection it has, which goes on if it is ours."""
        before = self.get(room_id, alias)
        if before is not None and kept is not None and before.connection == kept:
            seat.connection, seat.is_reached, seat.shown = kept, before.is_reached, before.shown
            seat.paused = before.paused
        self._seats[room_id, alias] = seat

    def get(self, room_id: RoomId, alias: Alias) -> Seat | None:
        """The seat with this name, if it is there."""
        return self._seats.get((room_id, alias))

    def pop(self, room_id: RoomId, alias: Alias) -> Seat:
        """Take away a seat that is there."""
        return self._seats.pop((room_id, alias))

    def everywhere(self) -> Collection[tuple[RoomId, Alias, Seat]]:
        """All seats."""
        return [(room_id, alias, seat) for (room_id, alias), seat in self._seats.items()]

    def of(self, room_id: RoomId) -> list[tuple[Alias, Seat]]:
        """The seats of a room."""
        return [(alias, seat) for (of_room, alias), seat in self._seats.items() if of_room == room_id]

    def listening(self, room_id: RoomId) -> frozenset[Alias]:
        """The seats that a room's sound reaches now, at pages that play it."""
        return frozenset(alias for alias, seat in self.of(room_id) if seat.is_reached and seat.hears)

    def deaf(self, room_id: RoomId) -> frozenset[Alias]:
        """The seats whose pages play no sound."""
        return frozenset(alias for alias, seat in self.of(room_id) if not seat.hears)

    def pass_on(self, room_id: RoomId, alias: Alias, message: ToPage) -> None:
        """Tell a seat's page what the media process says of its connection, and take note of it."""
        seat = self.get(room_id, alias)
        if seat is None:
            return
        if isinstance(message, PicturesPaused):
            seat.paused = message
        elif isinstance(message, MediaOffer):
            if seat.connection != message.connection:
                seat.paused = None
            seat.connection = message.connection
        elif isinstance(message, MediaGone) and seat.connection == message.connection:
            seat.connection = seat.paused = None
            self._note_reach(room_id, seat, is_reached=False)
        elif isinstance(message, MediaConnected) and seat.connection == message.connection:
            self._note_reach(room_id, seat, is_reached=True)
        seat.send(message)

    def hear_away(self, away: Away) -> None:
        """Nothing comes over a connection just now."""
        room_id = RoomId(away.room)
        seat = self.get(room_id, Alias(away.alias))
        if seat is not None and seat.connection == away.connection:
            self._note_reach(room_id, seat, is_reached=False)

    def lost(self) -> None:
        """The media process is gone: nobody is reached."""
        for room_id, _, seat in self.everywhere():
            self._note_reach(room_id, seat, is_reached=False)

    def _note_reach(self, room_id: RoomId, seat: Seat, *, is_reached: bool) -> None:
        if seat.is_reached != is_reached:
            seat.is_reached = is_reached
            self._reach_changed(room_id)
