from itertools import count

import pytest

from signaling.ice_lite import Credentials
from signaling.negotiation import COUNTER_EXTENSION, Endpoint, lines_of, offer, read_answer
from signaling.scripted.answer import answer, read_offer
from signaling.sdp import BadSdp
from tests.support.media_world import cameras

LINES = lines_of("E1", ["audio", "video"], cameras("E2"), count(100).__next__)
ENDPOINT = Endpoint(
    credentials=Credentials("name", "password"), fingerprint="sha-256 AB", addresses=("192.0.2.1",), port=7000
)
OFFERED = read_offer(offer(LINES, ENDPOINT, connection=77, revision=1))


def test_offer_is_read() -> None:
    assert (OFFERED.session, OFFERED.host, OFFERED.port) == ("77", "192.0.2.1", 7000)
    assert (OFFERED.credentials, OFFERED.fingerprint) == (Credentials("name", "password"), "sha-256 AB")
    assert OFFERED.streams == {100: ("E2", "audio"), 101: ("E2", "video")}
    assert OFFERED.repeats == {102: 101}
    assert OFFERED.counter == 3
    assert OFFERED.wanted == {"audio", "video"}


def test_answer_takes_every_line() -> None:
    text = answer(OFFERED, Credentials("mine", "secret"), "sha-256 CD", {"audio": 1, "video": 2})

    agreement = read_answer(text, LINES)

    assert agreement.fingerprint == "sha-256 CD"
    assert {agreed.extensions[COUNTER_EXTENSION] for agreed in agreement.lines.values()} == {3}
    assert {mid: agreed.repeats for mid, agreed in agreement.lines.items()} == {
        "audio": None,
        "video": 97,
        "E2-audio": None,
        "E2-video": 97,
    }
    assert {mid: agreed.ssrc for mid, agreed in agreement.lines.items()} == {
        "audio": 1,
        "video": 2,
        "E2-audio": None,
        "E2-video": None,
    }


def test_other_text_is_no_offer() -> None:
    with pytest.raises(BadSdp):
        read_offer("hello")
