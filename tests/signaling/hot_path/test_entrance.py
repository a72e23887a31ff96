from collections.abc import Iterator
from typing import Any

import pytest

from signaling.downlink import Downlink
from signaling.hot_path.entrance import HEARD, MOST_SSRCS, Entrance, reason
from signaling.hot_path.library import ffi, lib
from signaling.messages import DropReason
from signaling.rtcp import NUMBERS_LIKE_A_PACKET, picture_loss, transport_wide
from signaling.rtp import build
from signaling.transport_feedback import write

TAG_BYTES = 1


@ffi.callback("int(void *, void *, int *)")  # type: ignore[untyped-decorator]
def clear(session: Any, packet: Any, size: Any) -> int:
    """As libsrtp: takes the tag away, and refuses where its last byte is not 0."""
    data = ffi.cast("uint8_t *", packet)
    size[0] -= TAG_BYTES
    return int(data[size[0]])


def open_entrance(packets_per_s: float = 1e6, control_per_s: float = 1e6) -> Entrance:
    entrance = Entrance(packets_per_s, control_per_s)
    function, session = int(ffi.cast("uintptr_t", clear)), ffi.new("int *")
    entrance.decrypt_with(function, function, int(ffi.cast("uintptr_t", session)), session)
    return entrance


def sound(ssrc: int, tag: bytes = b"\0") -> bytes:
    return build(b"x", payload_type=111, marker=False, sequence=1, timestamp=2, ssrc=ssrc) + tag


def results(entrance: Entrance, *datagrams: bytes, now: float = 0.0) -> Iterator[int | DropReason]:
    """Of each: the size of the packet, or why it is dropped."""
    for datagram in datagrams:
        size = lib.enter(entrance.pointer, ffi.new("uint8_t[]", datagram), len(datagram), now)
        yield size if size >= 0 else reason(size)


def test_nothing_enters_before_it_is_known_how_to_decrypt_it() -> None:
    assert list(results(Entrance(9, 9), sound(1))) == ["too_early"]


def test_packet_enters_without_its_tag_and_its_ssrc_is_known_from_then_on() -> None:
    entrance = open_entrance()

    assert list(results(entrance, sound(7, b"\1"), sound(7))) == ["forged", len(sound(7)) - TAG_BYTES]
    assert [entrance.has_had(ssrc.to_bytes(4)) for ssrc in (7, 8)] == [True, False]


def test_forged_packets_use_up_no_ssrc_and_too_many_sources_are_not_decrypted() -> None:
    entrance = open_entrance()
    forged = [sound(1000 + n, b"\1") for n in range(MOST_SSRCS)]
    entered = list(results(entrance, *forged, *map(sound, range(MOST_SSRCS)), sound(5000, b"\1"), sound(0)))

    assert entered[:MOST_SSRCS] == MOST_SSRCS * ["forged"]
    assert entered[-2:] == ["too_many_sources", len(sound(0)) - TAG_BYTES]


def test_no_more_enters_than_is_allowed_and_it_comes_back_with_time() -> None:
    entrance = open_entrance(packets_per_s=2)

    assert list(results(entrance, *3 * [sound(1)], now=10.0))[2] == "too_many"
    assert list(results(entrance, *2 * [sound(1)], now=10.5))[1] == "too_many"
    assert "too_many" not in list(results(entrance, *2 * [sound(1)], now=1000.0))


def test_reports_have_an_allowance_of_their_own_and_what_they_cost_has_to_come_back() -> None:
    entrance = open_entrance(packets_per_s=1, control_per_s=10)
    report = picture_loss(7, 9) + b"\0"

    def entered(now: float) -> int:
        return entrance.enter_control(ffi.new("uint8_t[]", report), len(report), now)

    assert entered(0.0) == len(report) - TAG_BYTES
    assert entrance.has_had((7).to_bytes(4))
    entrance.owe(19)
    assert [entered(at) > 0 for at in (0.1, 1.0, 1.2)] == [False, False, True]


@pytest.mark.parametrize("size", [0, 8, 11])
def test_what_holds_no_ssrc_is_none_of_a_seat(size: int) -> None:
    assert list(results(open_entrance(), sound(1)[:size] or b"\0")) == ["forged"]


def told(downlink: Downlink) -> bool:
    downlink.heard(1.0)
    return downlink.is_told


def test_feedback_alone_is_heard_at_once_and_owed_for_and_all_else_is_left_to_be_read() -> None:
    entrance, downlink = open_entrance(control_per_s=10), Downlink()
    downlink.be_told_by(entrance)
    for _ in range(60):
        downlink.sent.note(100, 1.0)
    feedback = transport_wide(7, 9, write(1, 0, [4000 + n for n in range(50)]))
    other = picture_loss(7, 9)
    broken = transport_wide(7, 9, b"\0\1\0\5\0\0\0\0")

    def entered(report: bytes) -> int:
        return entrance.enter_control(ffi.new("uint8_t[]", report + b"\0"), len(report) + TAG_BYTES, 1.0)

    assert [entered(report) for report in (other, feedback + other, other + feedback)] == [
        len(other),
        len(feedback + other),
        len(feedback + other),
    ]
    assert not told(downlink)

    assert (entered(feedback), reason(entered(broken))) == (HEARD, "malformed")
    assert told(downlink)
    left = 10 - 5 - 50 / NUMBERS_LIKE_A_PACKET
    assert entrance.pointer.control.left == pytest.approx(left)
