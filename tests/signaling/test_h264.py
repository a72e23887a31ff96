import pytest
from aiortc.codecs.h264 import H264Encoder
from hypothesis import given
from hypothesis import strategies as st

from signaling import h264
from signaling.vp8 import Descriptor
from tests.support.encoder import encoded


def sent(units: list[bytes]) -> list[bytes]:
    """The payloads in which another library sends them."""
    return list(H264Encoder._packetize(iter(units)))


@pytest.mark.parametrize("profile", ["baseline", "main", "high"])
@pytest.mark.parametrize("size", [(640, 360), (320, 192), (1280, 720), (1920, 1080)])
def test_size_of_the_picture_is_what_an_encoder_was_told(size: tuple[int, int], profile: str) -> None:
    [first, *_] = encoded(*size, frames=1, profile=profile)

    picture = h264.picture_of(first)

    assert (picture.size, picture.is_key) == (size, True)


def test_picture_is_put_together_from_what_another_library_sends() -> None:
    for units in encoded(640, 360):
        payloads = sent(units)
        assert len(payloads) > 1
        put = h264.Units()
        for payload in payloads:
            put.take(payload)

        assert put.whole() == units
        assert not put.is_broken


def test_key_frame_begins_with_its_parameter_sets() -> None:
    key, second, _ = encoded(640, 360)

    begins = [h264.read(payload, 0) for payload in sent(key)]

    assert begins[0] == Descriptor(True, 360, 0, 0, 0, 0)
    assert not any(h264.read(payload, 0).starts_key_frame for payload in sent(second))


def test_key_frame_is_found_in_units_fragments_and_aggregates() -> None:
    idr, sequence, delta = bytes([0x65, 1]), bytes([0x67, 66, 0, 31]), bytes([0x41, 1])
    stap = bytes([24]) + b"".join(len(unit).to_bytes(2) + unit for unit in (delta, idr))

    assert h264.read(b"head" + idr, 4).starts_key_frame
    assert h264.read(sequence, 0).starts_key_frame
    assert h264.read(stap, 0).starts_key_frame
    assert h264.read(bytes([0x7C, 0x85, 1]), 0).starts_key_frame
    assert not h264.read(bytes([0x7C, 0x05, 1]), 0).starts_key_frame
    assert not h264.read(delta, 0).starts_key_frame


def test_fragment_without_its_beginning_breaks_the_picture() -> None:
    put = h264.Units()

    put.take(bytes([0x7C, 0x05, 1]))

    assert put.is_broken


def test_file_holds_pictures_behind_their_lengths_and_parameter_sets_apart() -> None:
    [units, *_] = encoded(320, 192)

    picture = h264.picture_of(units)

    assert picture.parameters is not None
    sets = h264.parameter_units(picture.parameters)
    assert sets == b"".join(len(unit).to_bytes(4) + unit for unit in units if unit[0] & 31 in (7, 8))
    assert all(unit not in picture.data for unit in units if unit[0] & 31 in (7, 8))


@given(st.binary(max_size=60), st.integers(0, 8))
def test_whatever_comes_is_read_without_harm(payload: bytes, at: int) -> None:
    h264.read(payload, at)
    h264.picture_size(payload)
    put = h264.Units()
    put.take(payload)
    h264.picture_of(put.whole())
