import msgspec
import pytest

from signaling.framing import frame
from signaling.messages import Heartbeat, OpenRoom, read_from_media, read_to_media


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
        read_from_media(frame(Heartbeat(log_silence_s=0.0))[4:])
