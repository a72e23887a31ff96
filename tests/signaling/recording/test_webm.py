import io

import av
import pytest

from signaling.recording.ebml import BadEbml, element
from signaling.recording.webm import piece_file, read_blocks, read_facts
from tests.support.recorded import piece, played


def test_picture_piece_plays_from_its_first_frame() -> None:
    data = piece_file(piece("video", 45), "r", 3)

    shown = played(data)["video"]

    assert len(shown) == 45
    assert shown[:3] == [0.0, 0.067, 0.133]
    assert shown[-1] == pytest.approx(44 / 15, abs=0.001)


def test_sound_piece_plays_to_its_end() -> None:
    data = piece_file(piece("audio", 200), "r", 1)

    with av.open(io.BytesIO(data), "r") as container:
        assert container.duration == 4_000_000
        assert sum(frame.samples for frame in container.decode(audio=0)) == 200 * 960


def test_file_says_what_a_player_asks_for() -> None:
    with av.open(io.BytesIO(piece_file(piece("video", 30), "r", 1)), "r") as container:
        [stream] = container.streams.video
        assert (stream.codec_context.name, stream.width, stream.height) == ("vp8", 640, 360)
        assert container.metadata["creation_time"] == "2026-03-25T00:53:20.000000Z"


def test_blocks_and_facts_are_read_back() -> None:
    kept = piece("video", 31)
    data = piece_file(kept, "r", 5)

    blocks = list(read_blocks(data))

    assert [block.data for block in blocks] == [unit.data for unit in kept.units]
    assert [block.at_ms for block in blocks] == kept.offsets_ms
    assert [number for number, block in enumerate(blocks) if block.is_key] == [0, 15, 30]
    assert read_facts(data) == kept.facts("r", 5)


@pytest.mark.parametrize("data", [b"", b"RIFF", element(0x1A45DFA3, b""), element(0x18538067, b"")])
def test_other_files_have_no_facts(data: bytes) -> None:
    with pytest.raises(BadEbml):
        read_facts(data)
