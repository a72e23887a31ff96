from collections import defaultdict

import pytest

from server.domain.ids import Alias, Millis
from server.web.seat_board import SeatBoard
from server.web.signal_frames import HandLowered, SeatShown, ShowSeat, Switch

E1, E2, E3, S1 = Alias("E1"), Alias("E2"), Alias("E3"), Alias("S1")
TOGETHER = frozenset((a, b) for a in (E1, E2, E3) for b in (E1, E2, E3, S1) if a != b)


def switched(
    camera: Switch = Switch.ON, microphone: Switch = Switch.ON, *, hand: bool = False, screen: bool = False
) -> ShowSeat:
    return ShowSeat(camera=camera, microphone=microphone, hand=hand, screen=screen)


def shown(
    alias: Alias,
    camera: Switch = Switch.ON,
    microphone: Switch = Switch.ON,
    *,
    hand: int | None = None,
    screen: bool = False,
) -> SeatShown:
    since = None if hand is None else Millis(hand)
    return SeatShown(alias=alias, camera=camera, microphone=microphone, hand=since, screen=screen)


class Pages:
    """The pages of a room, and what each of them was sent since the last look."""

    def __init__(self, *aliases: Alias) -> None:
        self.board = SeatBoard()
        self._now = 0
        self._heard: defaultdict[Alias, list[SeatShown | HandLowered]] = defaultdict(list)
        for alias in aliases:
            self.join(alias)

    def join(self, alias: Alias) -> None:
        self.board.join(alias, self._heard[alias].append)

    def show(self, alias: Alias, switched: ShowSeat) -> None:
        """Each time a millisecond later."""
        self._now += 1
        self.board.show(alias, switched, Millis(self._now))

    def heard(self, alias: Alias) -> list[SeatShown | HandLowered]:
        heard = list(self._heard[alias])
        self._heard[alias].clear()
        return heard


@pytest.fixture
def pages() -> Pages:
    pages = Pages(E1, E2, E3, S1)
    pages.board.allow(TOGETHER)
    return pages


def test_a_switched_camera_is_told_to_those_who_see_the_seat(pages: Pages) -> None:
    pages.show(E1, switched(Switch.OFF))

    assert pages.heard(E2) == pages.heard(E3) == pages.heard(S1) == [shown(E1, Switch.OFF)]
    assert pages.heard(E1) == []


def test_a_screen_that_is_shown_is_told_like_a_camera(pages: Pages) -> None:
    pages.board.allow(frozenset({(E1, E2)}))

    pages.show(E1, switched(screen=True))
    pages.show(E1, switched())

    assert pages.heard(E2) == [shown(E1, screen=True), shown(E1)]
    assert pages.heard(E3) == []


def test_nothing_is_told_where_nothing_may_be_seen(pages: Pages) -> None:
    pages.board.allow(TOGETHER - {(E1, E2)})

    pages.show(E1, switched(hand=True))
    pages.show(S1, switched(hand=True))

    assert pages.heard(E2) == []
    assert pages.heard(E3) == [shown(E1, hand=1)]


def test_what_has_changed_meanwhile_is_told_once_it_may_be_seen_again(pages: Pages) -> None:
    pages.show(E1, switched())
    pages.heard(E2)
    pages.board.allow(frozenset())
    pages.show(E1, switched(Switch.OFF))
    pages.show(E3, switched())
    alone = pages.heard(E2)

    pages.board.allow(TOGETHER)

    assert alone == []
    assert pages.heard(E2) == [shown(E1, Switch.OFF), shown(E3)]


def test_what_is_known_is_not_told_again(pages: Pages) -> None:
    pages.show(E1, switched())
    pages.heard(E2)

    pages.show(E1, switched())
    pages.board.allow(frozenset())
    pages.board.allow(TOGETHER)

    assert pages.heard(E2) == []


def test_a_page_that_comes_back_is_told_of_all_others(pages: Pages) -> None:
    pages.show(E1, switched(microphone=Switch.FAILED))
    pages.show(E3, switched())
    pages.heard(E2)
    pages.board.leave(E2)

    pages.join(E2)

    assert pages.heard(E2) == [shown(E1, microphone=Switch.FAILED), shown(E3)]


def test_hands_keep_the_order_in_which_they_were_raised(pages: Pages) -> None:
    pages.show(E3, switched(hand=True))
    pages.show(E1, switched(hand=True))
    pages.show(E3, switched(Switch.OFF, hand=True))

    assert pages.heard(E2) == [shown(E3, hand=1), shown(E1, hand=2), shown(E3, Switch.OFF, hand=1)]


def test_a_hand_keeps_its_place_while_its_page_comes_back(pages: Pages) -> None:
    pages.show(E3, switched(hand=True))
    pages.show(E1, switched(hand=True))
    pages.heard(E2)
    pages.board.leave(E3)

    pages.join(E3)
    pages.show(E3, switched(hand=True))
    pages.show(E3, switched())
    pages.show(E3, switched(hand=True))

    assert pages.heard(E2) == [shown(E3), shown(E3, hand=5)]


def test_a_lowered_hand_is_told_to_its_seat(pages: Pages) -> None:
    pages.show(E3, switched(hand=True))
    pages.heard(E2)

    pages.board.lower(E3, by=E1)

    assert pages.heard(E3) == [HandLowered(by=E1)]
    assert pages.heard(E2) == [shown(E3)]


def test_only_a_raised_hand_that_one_sees_can_be_lowered(pages: Pages) -> None:
    pages.show(E2, switched())
    pages.show(E3, switched(hand=True))
    pages.board.allow(TOGETHER - {(E3, E1)})
    pages.heard(E2)

    pages.board.lower(E2, by=E1)
    pages.board.lower(E3, by=E1)
    pages.board.leave(E3)
    pages.board.lower(E3, by=E2)

    assert pages.heard(E2) == []
    assert HandLowered(by=E1) not in pages.heard(E3)
