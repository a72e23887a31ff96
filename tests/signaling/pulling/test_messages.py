import msgspec
import pytest

from signaling.framing import FrameReader, frame
from signaling.pulling.messages import (
    Answered,
    Lost,
    Offering,
    Pull,
    Standing,
    read_from_pull,
    read_to_pull,
)


def body(message: Pull | Answered | Lost | Offering | Standing) -> bytes:
    [found] = FrameReader().feed(frame(message))
    return found


@pytest.mark.parametrize(
    "message", [Pull(url="rtsp://c/1", user="u", password="p", networks=["10.0.0.0/8"]), Answered(sdp="v=0"), Lost()]
)
def test_server_is_understood(message: Pull | Answered | Lost) -> None:
    assert read_to_pull(body(message)) == message


@pytest.mark.parametrize("message", [Offering(sdp="v=0"), Standing(state="bad_codec", detail="H265")])
def test_process_is_understood(message: Offering | Standing) -> None:
    assert read_from_pull(body(message)) == message


def test_other_side_is_not_taken_for_this_one() -> None:
    with pytest.raises(msgspec.DecodeError):
        read_from_pull(body(Lost()))
