import re
from collections.abc import AsyncIterator, Collection
from itertools import count

import pytest

from signaling.bandwidth import START_BPS
from signaling.datagram_batches import bind_udp
from signaling.dtls_srtp import Certificate
from signaling.host import Host
from signaling.ice_lite import Credentials
from signaling.messages import KINDS, GoneReason, Track
from signaling.negotiation import BadAnswer, lines_of
from signaling.peer import Peer
from signaling.published_track import PublishedTrack
from signaling.rtcp import transport_wide
from signaling.rtp import build
from signaling.scripted.answer import answer, read_offer
from signaling.transport_feedback import write
from signaling.udp_port import UdpPort
from tests.support.media_world import cameras
from tests.support.packets_in import take

SSRCS: dict[Track, int] = {"audio": 501, "video": 502}
MID_BODY = b"\x14audio\x00\x00"


class Room:
    """An owner that notes what it is told."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []

    def peer_connected(self, peer: Peer) -> None:
        self.said.append((peer.alias, "connected"))

    def sound_heard(self, peer: Peer, level: int, now: float) -> None:
        self.said.append((peer.alias, f"level {level}"))

    def speaker(self, among: Collection[str]) -> str | None:
        return None

    def pictures_paused(self, peer: Peer, pictures: list[tuple[str, Track]]) -> None:
        self.said.append((peer.alias, f"paused {pictures}"))

    def peer_lost(self, peer: Peer, reason: GoneReason) -> None:
        self.said.append((peer.alias, reason))


@pytest.fixture
async def host() -> AsyncIterator[Host]:
    port = UdpPort(bind_udp("127.0.0.1", 0), lambda now: None)
    yield Host(port=port, certificate=Certificate(), addresses=("127.0.0.1",))
    port.close()


@pytest.fixture
async def peer(host: Host) -> AsyncIterator[Peer]:
    peer = Peer("E1", lines_of("E1", ["audio", "video"], cameras("E2"), count(100).__next__), host, Room())
    yield peer
    await peer.link.close()


def answered(offer: str, ssrcs: dict[Track, int] = SSRCS) -> str:
    return answer(read_offer(offer), Credentials("a", "b"), Certificate().fingerprint, ssrcs)


def audio(ssrc: int, *, mid: bytes = b"") -> bytes:
    packet = build(b"sound", payload_type=111, marker=False, sequence=1, timestamp=2, ssrc=ssrc)
    if not mid:
        return packet
    return b"\x90" + packet[1:12] + b"\xbe\xde\x00\x02" + mid + b"sound"


def give(peer: Peer, packet: bytes) -> None:
    """As the port does with what comes from its seat."""
    peer.follow_rtp(packet, take(peer._finder.intake, packet), 0.0)


def packets(track: PublishedTrack) -> int:
    return sum(layer.packets for layer in track.stats())


async def test_nothing_is_published_or_taken_before_the_answer(peer: Peer) -> None:
    assert (peer.publishing, peer.receiving) == (frozenset(), frozenset())


async def test_answer_opens_its_lines(peer: Peer) -> None:
    peer.accept(answered(peer.offer()))

    assert peer.publishing == {"audio", "video"}
    assert peer.receiving == {("E2", "audio"), ("E2", "video")}
    assert {kind: track.layers[0].ssrc for kind, track in peer.tracks.items()} == SSRCS


async def test_answer_that_does_not_fit_changes_nothing(peer: Peer) -> None:
    with pytest.raises(BadAnswer):
        peer.accept("v=0")

    assert peer.publishing == frozenset()


async def test_packets_are_counted_by_their_ssrc(peer: Peer) -> None:
    peer.accept(answered(peer.offer()))
    for packet in (audio(501), audio(999), b"\x80short", audio(999, mid=b"\x14audio\x00\x00")):
        give(peer, packet)

    assert {kind: packets(track) for kind, track in peer.tracks.items()} == {"audio": 1, "video": 0}


async def test_track_without_an_announced_ssrc_is_known_by_its_mid(peer: Peer) -> None:
    bare = re.sub(r"a=ssrc:\S+ cname:scripted\r\n", "", answered(peer.offer()))
    bare = bare.replace("a=mid:audio\r\n", "a=mid:audio\r\na=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid\r\n")
    peer.accept(bare)
    for packet in (audio(777), audio(777, mid=b"\x14other\x00\x00"), audio(777, mid=MID_BODY), audio(777)):
        give(peer, packet)

    assert peer.tracks["audio"].layers[0].ssrc == 777
    assert packets(peer.tracks["audio"]) == 2


async def test_later_answer_may_bring_another_ssrc(peer: Peer) -> None:
    peer.accept(answered(peer.offer()))
    give(peer, audio(501))
    peer.accept(answered(peer.offer_again(cameras("E2")), {"audio": 601, "video": 502}))
    give(peer, audio(501))
    give(peer, audio(601))

    assert (peer.tracks["audio"].layers[0].ssrc, packets(peer.tracks["audio"])) == (601, 1)


async def test_offer_again_keeps_lines_and_ssrcs(peer: Peer) -> None:
    first = read_offer(peer.offer())
    again = read_offer(peer.offer_again(cameras("E1", "E3", "E2")))

    assert again.session == first.session
    assert again.credentials != first.credentials
    assert again.streams.items() >= first.streams.items()
    assert [section.first("mid") for section in again.sections[4:]] == ["E3-audio", "E3-video"]
    assert set(peer.streams) == {(source, kind) for source in ("E2", "E3") for kind in ("audio", "video")}


async def test_broken_rtcp_is_skipped(peer: Peer) -> None:
    peer.receive_rtcp(b"\x80\xc9\x00\x09", 0.0)

    assert peer.tracks["video"].layers[0].key_frames.asked == 0


async def test_peers_are_not_joined_before_both_have_agreed(host: Host, peer: Peer) -> None:
    other = Peer("E2", lines_of("E2", ["audio"], cameras("E1"), count(200).__next__), host, Room())
    other.accept(answered(other.offer()))

    peer.attach(other, "audio")

    assert peer.streams["E2", "audio"].layer is None
    await other.link.close()


async def test_pictures_begin_anew_after_a_change_of_address(host: Host, peer: Peer) -> None:
    other = Peer("E2", lines_of("E2", ["audio", "video"], cameras("E1"), count(200).__next__), host, Room())
    for each in (peer, other):
        each.accept(answered(each.offer()))
    requests = {kind: other.tracks[kind].layers[0].key_frames for kind in KINDS}
    for kind in KINDS:
        peer.attach(other, kind)
    requests["video"].arrived()

    peer.link_moved(now=5.0)

    assert (requests["audio"].due(5.0), requests["video"].due(5.0)) == (False, True)
    await other.link.close()


async def test_feedback_is_judged_when_the_seat_has_its_turn(peer: Peer) -> None:
    for _ in range(60):
        peer.downlink.sent.note(1000, 1.0)
    peer.receive_rtcp(transport_wide(7, 9, write(1, 0, [4000, 4001])), 1.0)
    told = peer.downlink.budget_bps

    peer.take_turn(1.1)

    assert (told, peer.downlink.budget_bps) == (None, START_BPS)
