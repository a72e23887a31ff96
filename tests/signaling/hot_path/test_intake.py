import random
from itertools import pairwise

import pytest
from aiortc.codecs.vpx import VpxPayloadDescriptor
from hypothesis import given
from hypothesis import strategies as st

from signaling import vp8
from signaling.hot_path.intake import (
    MALFORMED,
    MOST_TRACKS,
    NOT_AGREED,
    RECEIVED,
    REPEATED,
    UNKNOWN,
    Intake,
    taken,
)
from signaling.incoming_track import IncomingTrack
from signaling.packet_history import SIZE
from signaling.rtp import BadPacket, RtpPacket, SequenceUnwrapper, build, parse
from tests.support.packets_in import take

COUNTER, LEVEL = 3, 2
SOUND, PICTURE = 500, 501


def intake() -> Intake[IncomingTrack]:
    """Of a seat with a microphone and a camera."""
    sound, picture = IncomingTrack("E1", "audio"), IncomingTrack("E1", "video")
    for track, ssrc, payload_type, level in ((sound, SOUND, 111, LEVEL), (picture, PICTURE, 96, 0)):
        track.bind(ssrc)
        track.agree(payload_type, level)
    held: Intake[IncomingTrack] = Intake()
    held.hold([sound, picture], COUNTER)
    return held


def packet(ssrc: int = SOUND, payload_type: int = 111, sequence: int = 1, payload: bytes = b"x") -> bytes:
    return build(payload, payload_type=payload_type, marker=True, sequence=sequence, timestamp=2, ssrc=ssrc)


def picture(sequence: int) -> bytes:
    return packet(PICTURE, 96, sequence, b"\x10\x01")


def test_packet_is_told_with_its_header_and_its_track() -> None:
    seat = intake()

    assert take(seat, picture(9), 5.0) == RECEIVED
    assert (seat.tracks[taken.place].track, taken.sequence, taken.timestamp, taken.ssrc) == ("video", 9, 2, PICTURE)
    assert (bool(taken.marker), taken.payload_type, taken.payload_at, taken.level) == (True, 96, 12, -1)
    assert (seat.tracks[1].reception.packets, seat.tracks[1].came_at) == (1, 5.0)


@pytest.mark.parametrize(
    ("data", "result"),
    [
        (packet(), RECEIVED),
        (packet(777), UNKNOWN),
        (packet(payload_type=96), NOT_AGREED),
        (packet()[:11], MALFORMED),
        (b"\x40" + packet()[1:], MALFORMED),
        (b"\x9f" + packet()[1:], MALFORMED),
        (b"\x90" + packet()[1:12] + b"\xbe\xde\0\1\x57\0\0\0", MALFORMED),
        (b"\x90" + packet()[1:12] + b"\xbe\xde\0\2", MALFORMED),
    ],
)
def test_each_packet_is_taken_or_it_is_told_why_not(data: bytes, result: int) -> None:
    seat = intake()

    assert take(seat, data) == result
    assert sum(track.reception.packets for track in seat.tracks) == (result == RECEIVED)


def test_repeat_of_a_picture_is_told_and_counted_by_nobody() -> None:
    seat = intake()

    results = [take(seat, picture(sequence)) for sequence in (65_535, 0, 65_535, 1, 0)]

    assert results == [RECEIVED, RECEIVED, REPEATED, RECEIVED, REPEATED]
    assert seat.tracks[1].reception.packets == 3


def test_sound_is_not_told_from_its_repeat() -> None:
    seat = intake()

    assert [take(seat, packet()) for _ in range(2)] == [RECEIVED, RECEIVED]


@pytest.mark.parametrize("seed", range(20))
def test_pictures_in_any_order_are_taken_once_each_and_numbered_as_the_unwrapper_does(seed: int) -> None:
    chance, seat, unwrapper = random.Random(seed), intake(), SequenceUnwrapper()
    had: set[int] = set()
    highest = at = chance.randrange(1 << 16)
    for _ in range(4000):
        at = max(highest, at) + 1 if chance.random() < 0.7 else highest - chance.randrange(2 * SIZE)
        if chance.random() < 0.01:
            at = highest + chance.randrange(20_000)
        highest = max(highest, at)
        index = unwrapper.index(at & 0xFFFF)
        newest = max(had, default=index)

        result = take(seat, picture(at & 0xFFFF))

        assert taken.index == index
        assert result == (REPEATED if index in had or index <= newest - SIZE else RECEIVED)
        had.add(index)


def test_more_tracks_than_are_held_are_unknown() -> None:
    tracks = [IncomingTrack("E1", "audio") for _ in range(MOST_TRACKS + 1)]
    for ssrc, track in enumerate(tracks, start=1000):
        track.bind(ssrc)
        track.agree(111, 0)
    seat: Intake[IncomingTrack] = Intake()
    seat.hold(tracks, 0)

    assert [take(seat, packet(1000 + n)) for n in (0, MOST_TRACKS - 1, MOST_TRACKS)] == [
        RECEIVED,
        RECEIVED,
        UNKNOWN,
    ]


def test_numbers_that_nobody_asks_for_are_noted_up_to_a_limit() -> None:
    seat = intake()
    numbered = b"\x90" + packet()[1:12] + b"\xbe\xde\0\1\x31\0\1\0x"
    for _ in range(10_000):
        take(seat, numbered)

    noted = list(seat.noted())
    assert 1000 < len(noted) < 10_000
    assert all(one == other for one, other in pairwise(noted))


@given(st.binary(max_size=80), st.booleans())
def test_any_bytes_are_taken_or_refused_as_the_header_is_read(data: bytes, is_rtp: bool) -> None:
    data = b"\x90" + data if is_rtp else data
    try:
        read: RtpPacket | None = parse(data)
    except BadPacket:
        read = None

    result = take(intake(), data)

    assert result == MALFORMED or (read is not None and (taken.ssrc, taken.payload_at) == (read.ssrc, read.payload_at))
    assert read is not None or result == MALFORMED


@given(st.binary(min_size=1, max_size=40))
def test_descriptor_is_read_as_another_library_reads_it(payload: bytes) -> None:
    try:
        theirs, rest = VpxPayloadDescriptor.parse(payload)
    except ValueError:
        return
    found = vp8.read(payload, 0)
    if not rest:
        assert found == vp8.NOTHING
        return
    is_start = theirs.partition_start == 1 and theirs.partition_id & 0x07 == 0  # its fourth bit is reserved
    assert found.starts_key_frame == (is_start and not rest[0] & 1)
    is_long = theirs.picture_id is not None and bool(payload[2] & 0x80)
    assert (found.picture if found.picture_at else None) == (theirs.picture_id if is_long else None)
    assert (found.level if found.level_at else None) == theirs.tl0picidx
    assert vp8.payload_at(payload, 0) == len(payload) - len(rest)


def test_loudest_packet_since_the_last_look_is_told_once() -> None:
    seat = intake()
    assert seat.loudest() is None

    for sequence, level in enumerate([b"\x28", b"\x92", b"\x50"]):
        header = b"\x90" + packet(sequence=sequence)[1:12]
        take(seat, header + b"\xbe\xde\0\1" + b"\x20" + level + b"\0\0" + b"sound")

    assert (seat.loudest(), seat.loudest()) == (0x12, None)
