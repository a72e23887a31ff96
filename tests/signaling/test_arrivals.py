from signaling.arrivals import MOST_MESSAGES, TELL_EVERY_S, TOLD_AT_ONCE, Arrivals
from tests.support.told_groups import Feedback, read


def told(arrivals: Arrivals, now: float) -> list[Feedback]:
    messages = [read(body) for body in arrivals.due(now)]
    return [message for message in messages if message is not None]


def test_nothing_has_come_and_nothing_is_told() -> None:
    assert Arrivals().due(1.0) == []


def test_all_since_the_last_message_are_told_gaps_included() -> None:
    arrivals = Arrivals()
    for number, now in ((65_534, 1.0), (65_535, 1.25), (2, 1.5)):
        arrivals.arrived(number, now)
    first = told(arrivals, 1.5)
    arrivals.arrived(4, 2.0)
    second = told(arrivals, 2.0)

    assert [(message.base, message.messages) for message in first + second] == [(65_534, 1), (3, 2)]
    assert first[0].arrivals == [4000, 5000, None, None, 6000]
    assert second[0].arrivals == [None, 8000]


def test_messages_keep_their_distance() -> None:
    arrivals = Arrivals()
    arrivals.arrived(1, 1.0)
    arrivals.due(1.0)
    arrivals.arrived(2, 1.01)

    assert (arrivals.due(1.0 + TELL_EVERY_S / 2), len(arrivals.due(1.0 + TELL_EVERY_S))) == ([], 1)


def test_packet_that_was_told_of_as_lost_is_not_told_again() -> None:
    arrivals = Arrivals()
    arrivals.arrived(1, 1.0)
    arrivals.arrived(3, 1.0)
    arrivals.due(1.0)
    arrivals.arrived(2, 1.1)

    assert arrivals.due(2.0) == []


def test_more_than_fit_into_a_datagram_are_told_in_several() -> None:
    arrivals = Arrivals()
    for number in range(TOLD_AT_ONCE + 10):
        arrivals.arrived(number, 1.0)

    assert [(message.base, len(message.arrivals)) for message in told(arrivals, 1.0)] == [
        (0, TOLD_AT_ONCE),
        (TOLD_AT_ONCE, 10),
    ]


def test_long_gap_is_left_out() -> None:
    arrivals = Arrivals()
    arrivals.arrived(0, 1.0)
    arrivals.due(1.0)
    arrivals.arrived(TOLD_AT_ONCE + 1, 2.0)

    (message,) = told(arrivals, 2.0)

    assert (message.base, message.arrivals) == (TOLD_AT_ONCE + 1, [8000])


def test_arrivals_long_apart_stand_in_two_messages() -> None:
    arrivals = Arrivals()
    arrivals.arrived(1, 1.0)
    arrivals.arrived(2, 20.0)

    assert [message.arrivals for message in told(arrivals, 20.0)] == [[4000], [80_000]]


def test_numbers_that_jump_about_are_told_of_in_part() -> None:
    arrivals = Arrivals()
    for number in range(0, 100 * TOLD_AT_ONCE, 2 * TOLD_AT_ONCE):
        arrivals.arrived(number & 0xFFFF, 1.0)

    assert len(arrivals.due(1.0)) == MOST_MESSAGES
    assert arrivals.due(2.0) == []
