from hypothesis import given
from hypothesis import strategies as st

from signaling.hot_path.library import GROUPS
from signaling.sent_packets import GROUP_S, SentPackets
from signaling.transport_feedback import TICK_S
from tests.support.told_groups import Arrived, Told, take

OCTETS = 1000


def sent(count: int, *, spacing_s: float = GROUP_S * 2) -> SentPackets:
    """Packets from 0 s on, each a group of its own unless they stand closer."""
    packets = SentPackets()
    for number in range(count):
        packets.note(OCTETS, number * spacing_s)
    return packets


def told(packets: SentPackets, base: int, *arrivals: int | None) -> Told:
    return take(packets, base, arrivals)


def test_packets_are_numbered_from_one() -> None:
    packets = SentPackets()
    assert packets.number == 0

    packets.note(OCTETS, 0.0)
    packets.note(OCTETS, 0.0)

    assert packets.number == 2


def test_packets_sent_together_arrive_as_one_group() -> None:
    packets = sent(5, spacing_s=GROUP_S / 2)

    assert told(packets, 1, 40, 41, 48, 47, 52).groups == [
        Arrived(0.0, GROUP_S, 48 * TICK_S, 3 * OCTETS),
        Arrived(1.5 * GROUP_S, 2 * GROUP_S, 52 * TICK_S, 2 * OCTETS),
    ]


def test_group_may_be_told_of_in_parts() -> None:
    packets = sent(4, spacing_s=0.0)

    assert told(packets, 1, 40).groups == [Arrived(0.0, 0.0, 40 * TICK_S, OCTETS)]
    second = told(packets, 2, None, 42, 43)
    assert second.groups == [Arrived(0.0, 0.0, 43 * TICK_S, 2 * OCTETS)]
    assert (second.packets, second.lost) == (2, 1)


def test_packets_told_of_twice_or_never_sent_count_once_or_not() -> None:
    packets = sent(2)
    told(packets, 1, 40, 41)

    again = told(packets, 0, None, None, 41, None, 42)

    assert (again.first, again.groups, again.packets, again.lost) == (0, [], 0, 0)


def test_packet_that_comes_after_all_is_lost_no_longer() -> None:
    packets = sent(3)

    before, after = told(packets, 1, None, 41), told(packets, 1, 44, 41, 45)

    assert (before.lost, after.lost, after.packets) == (1, -1, 1)


def test_group_of_which_nothing_came_is_none() -> None:
    assert told(sent(2), 1, None, 50).groups == [Arrived(2 * GROUP_S, 2 * GROUP_S, 50 * TICK_S, OCTETS)]


def test_numbers_go_on_past_their_wrap() -> None:
    packets = sent(0x10000 + 1, spacing_s=0.0)

    across = told(packets, 0xFFFF, 50, 60, None)

    assert (across.first, across.packets, across.lost) == (0xFFFF, 2, 1)


def test_what_is_forgotten_is_neither_lost_nor_come() -> None:
    packets = sent(GROUPS + 2)

    assert told(packets, 1, 40, None, 44).packets == 1


def test_feedback_before_anything_was_sent_tells_nothing() -> None:
    nothing = told(SentPackets(), 0, 40, 41)

    assert (nothing.first, nothing.groups, nothing.packets, nothing.lost) == (0, [], 0, 0)


def test_no_packet_is_counted_twice_whatever_is_told() -> None:
    packets = sent(200, spacing_s=GROUP_S / 3)
    counted = 0
    for base, length in ((1, 50), (40, 30), (90, 5), (60, 60), (1, 200), (150, 100)):
        counted += told(packets, base, *range(40, 40 + length)).packets

    assert counted == 50 + 19 + 5 + 25 + 81


@given(
    st.lists(st.integers(0, 40), min_size=1, max_size=300),
    st.lists(st.tuples(st.integers(0, 299), st.lists(st.booleans(), min_size=1, max_size=80)), max_size=12),
)
def test_every_packet_is_either_lost_or_has_come_whatever_is_told(
    pauses_ms: list[int], messages: list[tuple[int, list[bool]]]
) -> None:
    packets, now = SentPackets(), 0.0
    for pause in pauses_ms:
        now += pause / 1000
        packets.note(OCTETS, now)
    upto, first_told, come, came, lost = 0, set[int](), set[int](), 0, 0
    for after, arrived in messages:
        base = 1 + after
        news = told(packets, base, *(4 * at if has_come else None for at, has_come in enumerate(arrived)))
        numbers = [(base + at, has_come) for at, has_come in enumerate(arrived) if base + at <= len(pauses_ms)]
        first_told |= {number for number, _ in numbers if number > upto}
        come |= {number for number, has_come in numbers if has_come and number in first_told}
        upto = max(upto, min(base + len(arrived), len(pauses_ms) + 1) - 1)
        came, lost = came + news.packets, lost + news.lost
        groups = news.groups
        assert news.octets == sum(group.octets for group in groups)
        assert groups == sorted(groups, key=lambda group: group.began_at)

    assert lost == len(first_told - come)
    assert came <= len(come)
