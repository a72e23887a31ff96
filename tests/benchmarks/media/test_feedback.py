import struct

from tests.benchmarks.media.feedback import REFERENCE_TICKS, TICK_NS, Feedback

START = 1000 * REFERENCE_TICKS


def told(*arrived: tuple[int, int]) -> list[bytes]:
    feedback = Feedback()
    for number, ticks in arrived:
        feedback.arrived(number, (START + ticks) * TICK_NS)
    return feedback.due(1, 2)


def test_feedback_tells_of_packets_that_all_came_in_one_run() -> None:
    [message] = told((65535, 4), (0, 6), (1, 6))

    assert message == struct.pack("!BBHIIHHI", 0x8F, 205, 6, 1, 2, 65535, 3, 1000 << 8) + bytes(
        [0x20, 3, 4, 2, 0, 0, 0, 0]
    )


def test_feedback_tells_of_what_is_missing_and_of_long_pauses_in_vectors() -> None:
    [message] = told((10, 0), (12, 300), (13, 299))

    chunk = struct.pack("!H", 0xC000 | 1 << 12 | 2 << 8 | 2 << 6)
    deltas = bytes([0]) + struct.pack("!hh", 300, -1)
    assert message[12:14] == struct.pack("!H", 10)
    assert message[14:16] == struct.pack("!H", 4)
    assert message[20:] == (chunk + deltas).ljust(8, b"\0")


def test_feedback_says_nothing_without_news_and_splits_what_is_much() -> None:
    feedback = Feedback()
    assert feedback.due(1, 2) == []
    for number in range(400):
        feedback.arrived(number, START * TICK_NS)

    messages = feedback.due(1, 2)

    assert [struct.unpack_from("!HH", message, 12) for message in messages] == [(0, 350), (350, 50)]
    assert all(len(message) % 4 == 0 for message in messages)
