import io
import json
import subprocess
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import av
import pytest

from signaling.recording.long_file import LONGEST_CLUSTER_MS, long_file
from signaling.recording.webm import Block, Track
from tests.support.recorded import BEGINS_AT, joined, piece, played

PICTURES, SOUNDS = Track(number=1, kind="video", size=(640, 360)), Track(number=2, kind="audio")
TURN_MS = 4_000
"The film's first two seconds of pictures and of sound, then two seconds of nothing."


def film(tracks: Sequence[Track], turns: int) -> list[Block]:
    """So many turns, block by block."""
    kept = {"video": piece("video", 30), "audio": piece("audio", 100)}
    blocks = [
        Block(track=track.number, at_ms=turn * TURN_MS + at, is_key=unit.is_key, data=unit.data)
        for turn in range(turns)
        for track in tracks
        for unit, at in zip(kept[track.kind].units, kept[track.kind].offsets_ms, strict=True)
    ]
    return sorted(blocks, key=lambda block: (block.at_ms, block.track))


def made(tracks: Sequence[Track], blocks: list[Block]) -> bytes:
    """The file of these blocks."""

    def again() -> Iterator[Block]:
        return iter(blocks)

    duration_ms = blocks[-1].at_ms + 20
    return joined(long_file(tracks, again, begins_at=BEGINS_AT, duration_ms=duration_ms, tags={"TITLE": "E1"}))


class Watched(io.BytesIO):
    """A file that counts what is read of it."""

    octets = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.octets += len(data)
        return data


def test_all_of_it_plays_from_the_first_block_to_the_last() -> None:
    shown = played(made([PICTURES, SOUNDS], film([PICTURES, SOUNDS], 10)))

    assert (len(shown["video"]), len(shown["audio"])) == (300, 1000)
    assert shown["video"][270] == shown["audio"][900] == 36.0


@pytest.mark.parametrize("tracks", [[PICTURES, SOUNDS], [PICTURES], [SOUNDS]])
def test_player_finds_a_moment_without_reading_what_lies_before_it(tracks: list[Track]) -> None:
    data = made(tracks, film(tracks, 300))
    file = Watched(data)

    with av.open(file, "r") as container:
        container.seek(1_001_300_000)
        first = next(container.decode(0))

    assert first.time is not None
    assert 1001.3 - LONGEST_CLUSTER_MS / 1000 <= first.time <= 1001.3
    assert file.octets < len(data) / 10


def test_length_and_date_are_told_and_every_second_of_pictures_can_be_sought() -> None:
    with av.open(io.BytesIO(made([PICTURES, SOUNDS], film([PICTURES, SOUNDS], 5))), "r") as container:
        assert container.duration == 17_980_000 + 20_000
        assert container.metadata["creation_time"] == "2026-03-25T00:53:20.000000Z"
        entries = container.streams.video[0].index_entries
        assert [entry.timestamp for entry in entries] == [
            at for turn in range(5) for at in (4000 * turn, 4000 * turn + 1000)
        ]


def test_long_stretch_without_pictures_can_be_sought_by_its_sound() -> None:
    sounds = film([SOUNDS], 20)
    pictures = [block for block in film([PICTURES], 20) if block.at_ms < TURN_MS or block.at_ms >= 19 * TURN_MS]
    data = made([PICTURES, SOUNDS], sorted(pictures + sounds, key=lambda block: (block.at_ms, block.track)))

    with av.open(io.BytesIO(data), "r") as container:
        sought = [entry.timestamp for entry in container.streams.audio[0].index_entries]

    apart = {later - earlier for earlier, later in pairwise(sought)}
    assert max(apart) <= LONGEST_CLUSTER_MS + TURN_MS
    assert len(sought) >= 10


def test_other_program_finds_a_moment(tmp_path: Path) -> None:
    path = tmp_path / "E1.webm"
    path.write_bytes(made([PICTURES, SOUNDS], film([PICTURES, SOUNDS], 50)))

    asked = ("-v", "error", "-read_intervals", "121.2%+#1", "-select_streams", "v", "-show_packets", "-of", "json")
    told = json.loads(subprocess.run(["ffprobe", *asked, path], check=True, capture_output=True).stdout)

    assert (told["packets"][0]["pts"], told["packets"][0]["flags"][0]) == (121_000, "K")


def test_file_of_nothing_is_a_file() -> None:
    data = joined(long_file([SOUNDS], list[Block], begins_at=BEGINS_AT, duration_ms=0, tags={}))

    assert data.startswith(bytes.fromhex("1a45dfa3"))
