from collections.abc import Mapping

import pytest

from server.web.drop_watch import MATTERS, STRAYS_MATTER, TOLD_FOR_LOOKS, DropWatch
from server.web.signal_frames import DropCause, SeatDrops
from signaling.messages import DropReason
from tests.support.live_server import E1, E3

SEATS = {E1, E3}


def of_e1(cause: DropCause) -> SeatDrops:
    return SeatDrops(alias=E1, cause=cause)


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        ("forged", DropCause.FOREIGN),
        ("bad_check", DropCause.FOREIGN),
        ("malformed", DropCause.UNREADABLE),
        ("too_many", DropCause.TOO_MANY),
    ],
)
def test_many_dropped_packets_of_a_seat_matter(reason: DropReason, cause: DropCause) -> None:
    watch = DropWatch()

    news = watch.look({E1: {reason: MATTERS}, E3: {reason: MATTERS - 1}}, {}, SEATS)

    assert news == {of_e1(cause): MATTERS}
    assert watch.seats == [of_e1(cause)]


@pytest.mark.parametrize(
    "dropped",
    [{E1: {"forged": MATTERS - 1}}, {E1: {"too_early": 5000, "fault": 5000}}, {"wall-3f9c20d1a7": {"forged": 5000}}],
)
def test_few_packets_those_nobody_can_do_anything_about_and_those_of_walls_do_not(
    dropped: Mapping[str, Mapping[DropReason, int]],
) -> None:
    watch = DropWatch()

    assert watch.look(dropped, {}, SEATS) == {}
    assert watch.seats == []


def test_what_counts_is_what_came_since_the_last_look_and_a_new_connection_counts_anew() -> None:
    watch = DropWatch()
    watch.look({E1: {"forged": 1000}}, {}, SEATS)

    assert watch.look({E1: {"forged": 1000 + MATTERS - 1}}, {}, SEATS) == {}
    assert watch.look({E1: {"forged": MATTERS}}, {}, SEATS) == {of_e1(DropCause.FOREIGN): MATTERS}


def test_it_is_told_until_there_have_been_none_for_a_minute() -> None:
    watch = DropWatch()
    watch.look({E1: {"forged": MATTERS}}, {}, SEATS)
    told = []
    for _ in range(TOLD_FOR_LOOKS):
        told.append(watch.seats)
        watch.look({E1: {"forged": MATTERS}}, {}, SEATS)

    assert told == [[of_e1(DropCause.FOREIGN)]] * TOLD_FOR_LOOKS
    assert watch.seats == []


def test_a_flood_of_packets_that_belong_to_no_seat_matters_once_it_is_seen_to_grow() -> None:
    watch = DropWatch()
    grown = []
    for strays in (1_000_000, 1_000_000 + STRAYS_MATTER - 1, 1_000_000 + 2 * STRAYS_MATTER):
        watch.look({}, {"unknown_sender": strays}, SEATS)
        grown.append(watch.has_strays)

    assert grown == [False, False, True]
