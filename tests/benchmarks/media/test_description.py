from msgspec.structs import replace

from signaling.ice_lite import Credentials
from signaling.messages import KINDS
from signaling.negotiation import Agreed, Endpoint, lines_of, read_answer
from signaling.negotiation import offer as server_offer
from tests.benchmarks.media.description import TRANSPORT_WIDE_EXTENSION, Feature, Own, answer, offer, read
from tests.support.media_world import cameras

OWN = Own(
    host="198.18.1.2",
    port=5000,
    credentials=Credentials("load", "load-password"),
    fingerprint="sha-256 CD",
    ssrcs={"audio": 7, "video": 8},
)
SERVER = Endpoint(
    credentials=Credentials("server", "server-password"), fingerprint="sha-256 AB", addresses=("198.18.1.1",), port=8444
)

LINES = lines_of("A", KINDS, cameras("B"), iter(range(100, 200)).__next__)


def test_read_finds_what_a_server_offers() -> None:
    remote = read(server_offer(LINES, SERVER, connection=1, revision=1))

    assert (remote.host, remote.port, remote.credentials) == ("198.18.1.1", 8444, SERVER.credentials)
    assert [(line.mid, line.kind, line.is_ours) for line in remote.lines] == [
        ("audio", "audio", True),
        ("video", "video", True),
        ("B-audio", "audio", False),
        ("B-video", "video", False),
    ]


def test_answer_takes_every_line_with_its_extensions() -> None:
    text = answer(server_offer(LINES, SERVER, connection=1, revision=1), OWN)

    agreement = read_answer(text, LINES)
    assert agreement.fingerprint == "sha-256 CD"
    assert {mid: line.ssrc for mid, line in agreement.lines.items()} == {
        "audio": 7,
        "video": 8,
        "B-audio": None,
        "B-video": None,
    }
    offered = read(server_offer(LINES, SERVER, connection=1, revision=1)).lines
    assert [agreement.lines[line.mid].extensions for line in offered] == [line.extensions for line in offered]


def test_offer_names_one_track_of_each_kind_with_congestion_control() -> None:
    text = offer(OWN)

    assert [line for line in text.splitlines() if line.startswith("a=ssrc")] == [
        "a=ssrc:7 cname:load",
        "a=ssrc:8 cname:load",
    ]
    assert text.count(f" {TRANSPORT_WIDE_EXTENSION}\r\n") == 2
    assert "a=rtcp-fb:96 transport-cc\r\n" in text


def test_answer_leaves_out_what_the_seat_is_to_go_without() -> None:
    offered = server_offer(LINES, SERVER, connection=1, revision=1)

    def agreed(*features: Feature) -> Agreed:
        without = frozenset(features)
        return read_answer(answer(offered, replace(OWN, without=without)), LINES).lines["B-video"]

    whole = agreed()
    assert whole.repeats is not None
    assert TRANSPORT_WIDE_EXTENSION in whole.extensions
    assert agreed("repeats").repeats is None
    assert set(whole.extensions) - set(agreed("congestion_control").extensions) == {TRANSPORT_WIDE_EXTENSION}
    assert agreed("extensions").extensions == {}
