from collections import defaultdict

import pytest

from server.domain.ids import Alias, RoomId
from server.domain.phases import Phase
from server.web.drop_desk import DropDesk
from server.web.drop_watch import MATTERS, STRAYS_MATTER
from server.web.signal_frames import DropCause, DropsSeen, SeatDrops
from signaling.messages import DropReason, Stats
from tests.support.live_server import E1, E3, H1, S1, V1
from tests.support.room_scenes import at

ROOM = at(Phase.CHECK_IN).room


class Pages:
    """The pages of some seats, and what each has been told."""

    def __init__(self, *aliases: Alias) -> None:
        self.told: defaultdict[Alias, list[DropsSeen]] = defaultdict(list)
        self.all = [(alias, self.told[alias].append) for alias in aliases]


def stats(dropped: dict[str, dict[DropReason, int]], strays: int = 0) -> Stats:
    return Stats(
        room="r", tracks=[], routes=[], budgets={}, unsent=0, dropped=dropped, strays={"unknown_sender": strays}
    )


def many(*aliases: Alias) -> tuple[SeatDrops, ...]:
    return tuple(SeatDrops(alias=alias, cause=DropCause.FOREIGN) for alias in aliases)


def test_operators_are_told_of_their_seats_and_the_main_venue_of_all_and_of_strays() -> None:
    desk, pages = DropDesk(), Pages(H1, V1, E1)
    desk.hear(stats({}), ROOM, pages.all)
    desk.hear(stats({alias: {"forged": MATTERS} for alias in (E1, E3)}, STRAYS_MATTER), ROOM, pages.all)

    assert pages.told[H1] == [DropsSeen(seats=many(E1, E3), strays=True)]
    assert pages.told[V1] == [DropsSeen(seats=many(E3), strays=False)]
    assert pages.told[E1] == []


def test_nobody_learns_by_it_that_a_supervisor_is_there() -> None:
    desk, pages = DropDesk(), Pages(H1, V1)
    desk.hear(stats({S1: {"forged": MATTERS}}), ROOM, pages.all)

    assert (pages.told[H1], pages.told[V1]) == ([], [])


def test_a_page_is_told_each_change_once_and_a_new_page_all_of_it() -> None:
    desk, first, second = DropDesk(), Pages(H1), Pages(H1)
    for _ in range(2):
        desk.hear(stats({E1: {"forged": MATTERS}}), ROOM, first.all)
    desk.hear(stats({E1: {"forged": MATTERS}}), ROOM, second.all)

    assert first.told[H1] == second.told[H1] == [DropsSeen(seats=many(E1), strays=False)]


def test_numbers_stand_in_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    DropDesk().hear(stats({E1: {"malformed": 123}}), ROOM, [])

    assert "media_drops" in (line := capsys.readouterr().out)
    assert "packets=123" in line


def test_room_that_is_over_leaves_nothing_behind() -> None:
    desk, pages = DropDesk(), Pages(H1)
    desk.hear(stats({E1: {"forged": MATTERS}}), ROOM, pages.all)
    desk.forget(RoomId("r"))
    desk.hear(stats({E1: {}}), ROOM, pages.all)

    assert [frame.seats for frame in pages.told[H1]] == [many(E1)]
