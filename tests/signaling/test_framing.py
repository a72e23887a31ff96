import msgspec
import pytest

from signaling.framing import MAX_FRAME_BYTES, FrameReader, FrameTooLong, frame
from signaling.messages import Heartbeat, Join, PolicyInForce, SetPolicy, read_to_media
from tests.support.media_world import cameras

JOIN = Join(room="r", alias="E1", publishes=["audio", "video"], sources=cameras("E2", "W1"))
POLICY = SetPolicy(room="r", version=3, allowed=[("E1", "E2", "audio")])


def test_frames_are_cut_out_of_any_pieces() -> None:
    stream = frame(JOIN) + frame(Heartbeat(log_silence_s=0.0)) + frame(POLICY)
    reader = FrameReader()

    read = [read_to_media(body) for n in range(len(stream)) for body in reader.feed(stream[n : n + 1])]

    assert read == [JOIN, Heartbeat(log_silence_s=0.0), POLICY]


def test_several_frames_in_one_piece_come_in_order() -> None:
    assert [read_to_media(body) for body in FrameReader().feed(frame(POLICY) + frame(JOIN))] == [POLICY, JOIN]


def test_frame_too_long_ends_the_connection() -> None:
    with pytest.raises(FrameTooLong):
        list(FrameReader().feed((MAX_FRAME_BYTES + 1).to_bytes(4)))


def test_frame_is_a_length_and_a_tagged_msgpack_map() -> None:
    data = frame(PolicyInForce(room="r", version=3))

    assert int.from_bytes(data[:4]) == len(data) - 4
    assert msgspec.msgpack.decode(data[4:]) == {"type": "policy_in_force", "room": "r", "version": 3}
