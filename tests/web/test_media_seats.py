from server.domain.ids import Alias, RoomId
from server.domain.phases import Phase
from server.domain.recordings import MediaTrack
from server.web.media_seats import MediaSeats, Seat, ToPage
from server.web.signal_frames import MediaConnected, MediaGone, MediaOffer, Picture, PicturesPaused
from signaling.messages import Away
from tests.support.live_server import E1, E3
from tests.support.room_scenes import at

ROOM, OTHER = RoomId("r"), RoomId("other")
PAUSED = PicturesPaused(pictures=(Picture(alias=E3, track=MediaTrack.VIDEO),))


class Pages:
    """What the pages of the seats were told, and in which rooms others were reached than before."""

    def __init__(self) -> None:
        self.told: list[ToPage] = []
        self.changed: list[RoomId] = []
        self.seats = MediaSeats(self.changed.append)

    def join(self, alias: Alias = E1, *, room_id: RoomId = ROOM, kept: int | None = None, hears: bool = True) -> Seat:
        seat = Seat(send=self.told.append, room=at(Phase.CHECK_IN).room, sources=(), hears=hears)
        self.seats.put(room_id, alias, seat, kept)
        return seat

    def connect(self, alias: Alias = E1, connection: int = 7) -> None:
        self.seats.pass_on(ROOM, alias, MediaOffer(connection=connection, revision=1, sdp="v=0"))
        self.seats.pass_on(ROOM, alias, MediaConnected(connection=connection))


def test_seat_listens_while_its_connection_stands_and_its_page_plays_the_sound() -> None:
    pages = Pages()
    pages.join()
    pages.join(E3, hears=False)

    pages.connect()
    pages.connect(E3, 8)
    listening = pages.seats.listening(ROOM)
    pages.seats.hear_away(Away(room=ROOM, alias=E1, connection=7))

    assert (set(listening), set(pages.seats.deaf(ROOM)), pages.seats.listening(ROOM)) == ({E1}, {E3}, frozenset())
    assert pages.changed == [ROOM] * 3


def test_what_is_said_of_an_earlier_connection_changes_nothing_and_is_passed_on() -> None:
    pages = Pages()
    seat = pages.join()
    pages.connect()
    gone = MediaGone(connection=6, reason="replaced")

    pages.seats.pass_on(ROOM, E1, gone)
    pages.seats.hear_away(Away(room=ROOM, alias=E1, connection=6))

    assert (seat.connection, seat.is_reached, pages.told[-1]) == (7, True, gone)


def test_connection_that_is_gone_reaches_nobody() -> None:
    pages = Pages()
    seat = pages.join()
    pages.connect()

    pages.seats.pass_on(ROOM, E1, MediaGone(connection=7, reason="silent"))

    assert (seat.connection, seat.is_reached) == (None, False)


def test_page_that_comes_back_goes_on_with_its_own_connection_alone() -> None:
    pages = Pages()
    pages.join()
    pages.connect()

    kept = pages.join(kept=7)
    foreign = pages.join(kept=9)

    assert [(seat.connection, seat.is_reached) for seat in (kept, foreign)] == [(7, True), (None, False)]


def test_page_that_comes_back_is_to_hear_what_is_held_back_on_its_connection_and_on_no_other() -> None:
    pages = Pages()
    seat = pages.join()
    pages.connect()
    pages.seats.pass_on(ROOM, E1, PAUSED)
    pages.seats.pass_on(ROOM, E1, MediaOffer(connection=7, revision=2, sdp="v=0"))

    kept = pages.join(kept=7)
    of_its_own = kept.paused
    pages.connect(connection=8)
    of_another = kept.paused
    pages.seats.pass_on(ROOM, E1, PAUSED)
    pages.seats.pass_on(ROOM, E1, MediaGone(connection=8, reason="silent"))

    assert (seat.paused, of_its_own, of_another, kept.paused) == (PAUSED, PAUSED, None, None)


def test_rooms_are_apart_and_none_is_reached_without_a_process() -> None:
    pages = Pages()
    seat = pages.join()
    pages.join(room_id=OTHER)
    pages.connect()

    pages.seats.pass_on(ROOM, E3, MediaConnected(connection=7))
    pages.seats.lost()

    assert [alias for alias, _ in pages.seats.of(ROOM)] == [E1]
    assert (seat.is_reached, pages.changed) == (False, [ROOM, ROOM])
    assert {room_id for room_id, _, _ in pages.seats.everywhere()} == {ROOM, OTHER}
