import msgspec
import pytest

from signaling.messages import (
    MAX_FRAME_BYTES,
    FrameReader,
    FrameTooLong,
    Heartbeat,
    Join,
    OpenRoom,
    PolicyInForce,
    SetPolicy,
    frame,
    read_from_media,
    read_to_media,
)
from tests.support.media_world import cameras

JOIN = Join(room="r", alias="E1", publishes=["audio", "video"], sources=cameras("E2", "W1"))
POLICY = SetPolicy(room="r", version=3, allowed=[("E1", "E2", "audio")])


def test_frames_are_cut_out_of_any_pieces() -> None:
    stream = frame(JOIN) + frame(Heartbeat()) + frame(POLICY)
    reader = FrameReader()

    read = [read_to_media(body) for n in range(len(stream)) for body in reader.feed(stream[n : n + 1])]

    assert read == [JOIN, Heartbeat(), POLICY]


def test_several_frames_in_one_piece_come_in_order() -> None:
    assert [read_to_media(body) for body in FrameReader().feed(frame(POLICY) + frame(JOIN))] == [POLICY, JOIN]


def test_frame_too_long_ends_the_connection() -> None:
    with pytest.raises(FrameTooLong):
        list(FrameReader().feed((MAX_FRAME_BYTES + 1).to_bytes(4)))


def test_frame_is_a_length_and_a_tagged_msgpack_map() -> None:
    data = frame(PolicyInForce(room="r", version=3))

    assert int.from_bytes(data[:4]) == len(data) - 4
    assert msgspec.msgpack.decode(data[4:]) == {"type": "policy_in_force", "room": "r", "version": 3}


@pytest.mark.parametrize(
    "body",
    [
        {"type": "heartbeat", "more": 1},
        {"type": "set_policy", "room": "r", "version": 1, "allowed": [["E1", "E2", "smell"]]},
        {"type": "policy_in_force", "room": "r", "version": 1},
        {"room": "r"},
    ],
)
def test_foreign_message_to_media_is_refused(body: dict[str, object]) -> None:
    with pytest.raises(msgspec.DecodeError):
        read_to_media(msgspec.msgpack.encode(body))


def test_room_is_opened_with_a_key_that_is_shown_to_nobody_who_prints_it() -> None:
    opening = OpenRoom(room="r", recording_key=b"0123456789abcdef0123456789abcdef")

    assert read_to_media(frame(opening)[4:]) == opening
    assert (
        f"{opening} {[opening]}"
        == "OpenRoom(room='r', recording_key=hidden) [OpenRoom(room='r', recording_key=hidden)]"
    )


def test_message_of_the_server_is_none_of_the_media_process() -> None:
    with pytest.raises(msgspec.DecodeError):
        read_from_media(frame(Heartbeat())[4:])
