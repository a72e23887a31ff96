"""How two seats fare through a server is in `test_media_plane.py`; here is one seat by itself."""

from collections.abc import AsyncIterator

import pytest

from signaling.dtls_srtp import HandshakeFailed
from signaling.messages import Track
from signaling.rtp import build, parse
from signaling.scripted.scripted_peer import ReceivedTrack, ScriptedPeer
from signaling.vp8 import payloads
from tests.support.media_world import FILMS, MediaWorld, everything
from tests.support.patience import until

KEY, DELTA = next(payloads(b"\x10key", 1)), next(payloads(b"\x11delta", 2))


@pytest.fixture
async def world() -> AsyncIterator[MediaWorld]:
    world = MediaWorld()
    yield world
    await world.close()


def counted(track: ReceivedTrack, *packets: tuple[int, bytes]) -> ReceivedTrack:
    for sequence, payload in packets:
        data = build(payload, payload_type=96, marker=True, sequence=sequence, timestamp=sequence, ssrc=1)
        track.receive(parse(data), 0.0)
    return track


def test_received_video_is_counted() -> None:
    track = counted(ReceivedTrack("video"), (1, KEY), (2, DELTA), (4, KEY))

    assert (track.packets, track.key_frames, track.begins_with_key_frame) == (3, 2, True)
    assert [index - track.sequences[0] for index in track.sequences] == [0, 1, 3]
    assert [index - track.sequences[0] for index in track.missing.due(0.0)] == [2]


def test_received_video_may_begin_in_the_middle() -> None:
    assert not counted(ReceivedTrack("video"), (1, DELTA), (2, KEY)).begins_with_key_frame


def test_received_sound_is_not_asked_for_again() -> None:
    track = counted(ReceivedTrack("audio"), (1, b"a"), (4, b"b"))

    assert (track.packets, track.reception.lost, track.missing.due(0.0)) == (2, 2, [])


async def test_seat_plays_what_the_offer_asks_for(world: MediaWorld) -> None:
    await world.server.set_policy(everything("E1", "E2"))
    await world.seat("E1", "E2")
    await world.flowing("E2", "E1", "video")

    assert set(world.seats["E1"].players) == {"audio", "video"}


async def test_seat_plays_the_protected_version_where_it_is_asked_for(world: MediaWorld) -> None:
    seat = ScriptedPeer(FILMS[0])
    tracks: tuple[Track, ...] = ("audio", "video", "masked_audio", "masked_video", "screen")
    await world.server.set_policy(everything("E1"))
    await world.server.join("E1", seat.answer, ["E1"], publishes=tracks)
    await seat.connected()

    await until(lambda: set(seat.players) == set(tracks) - {"screen"})
    seat.sound_tone()
    before = {track: player.packets for track, player in seat.players.items()}
    await until(lambda: all(player.packets > before[track] for track, player in seat.players.items()))

    await seat.close()


async def test_seat_that_is_offered_no_own_lines_only_listens(world: MediaWorld) -> None:
    listener = ScriptedPeer(FILMS[0])
    await world.server.set_policy(everything("E1", "S1"))
    await world.seat("E1", among=["E1"])
    await world.server.join("S1", listener.answer, ["E1"], publishes=[])
    await listener.connected()

    await until(lambda: set(listener.received) == {("E1", "audio"), ("E1", "video")})

    assert listener.players == {}
    await listener.close()


async def test_other_certificate_than_offered_is_refused(world: MediaWorld) -> None:
    seat = ScriptedPeer(FILMS[0])

    async def answer_a_forged_offer(offer: str) -> str:
        head, mark, tail = offer.partition("sha-256 ")
        return await seat.answer(head + mark + ("00" if tail[:2] != "00" else "01") + tail[2:])

    await world.server.join("E1", answer_a_forged_offer, ["E2"])
    with pytest.raises(HandshakeFailed):
        await seat.connected()
    await seat.close()


async def test_seat_that_was_never_offered_anything_can_be_closed() -> None:
    seat = ScriptedPeer(FILMS[0])
    await seat.connected()
    seat.ask_key_frame("E2")
    await seat.move()

    await seat.close()

    assert not seat.connection.is_connected
