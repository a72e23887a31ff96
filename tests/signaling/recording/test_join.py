import io
from pathlib import Path

import av
import pytest

from signaling.h264 import picture_of
from signaling.messages import Kind
from signaling.recording.ebml import BadEbml
from signaling.recording.join import NothingToJoin, join
from signaling.recording.pieces import OpenPiece, Piece
from signaling.recording.units import Unit
from signaling.recording.webm import piece_file
from tests.support.encoder import encoded
from tests.support.ffprobe import probed
from tests.support.recorded import BEGINS_AT, joined, piece, played, read, write


def kept(folder: Path, kind: Kind, *pieces: tuple[int, int, int]) -> list[Path]:
    """Pieces of the film on the disk: (first unit, units, when the first one came)."""
    paths = []
    for number, (first, count, at_ms) in enumerate(pieces, start=1):
        path = folder / f"{kind}-{number}.webm"
        path.write_bytes(piece_file(piece(kind, count, first=first, begins_at=BEGINS_AT + at_ms), "r", number))
        paths.append(path)
    return paths


def test_sound_and_pictures_play_as_one_with_the_gap_between(tmp_path: Path) -> None:
    pictures = kept(tmp_path, "video", (0, 45, 0), (45, 30, 3000), (90, 15, 20_000))
    sounds = kept(tmp_path, "audio", (0, 200, 40), (200, 100, 4040))

    data = joined(join({"video": pictures, "audio": sounds}, "E1", Path.read_bytes))

    shown = played(data)
    assert len(shown["video"]) == 90
    assert len(shown["audio"]) == 300
    assert [shown["video"][number] for number in (0, 45, 75)] == [0.0, 3.0, 20.0]
    assert shown["audio"][0] == pytest.approx(0.04, abs=0.001)


def test_sealed_pieces_are_joined_like_clear_ones(tmp_path: Path) -> None:
    write(tmp_path, "r", piece("video", 45), piece("video", 30, first=45, begins_at=BEGINS_AT + 3000))
    sealed = [tmp_path / "r" / "E1-video" / f"{number}.webm.sealed" for number in (1, 2)]
    clear = kept(tmp_path, "video", (0, 45, 0), (45, 30, 3000))

    data = joined(join({"video": sealed, "audio": []}, "E1", read))

    assert data == joined(join({"video": clear, "audio": []}, "E1", Path.read_bytes))
    assert len(played(data)["video"]) == 75


def test_one_kind_alone_is_joined_too(tmp_path: Path) -> None:
    data = joined(join({"video": [], "audio": kept(tmp_path, "audio", (0, 50, 0))}, "E1", Path.read_bytes))

    assert list(played(data)) == ["audio"]


def test_nothing_cannot_be_joined() -> None:
    with pytest.raises(NothingToJoin):
        join({"video": [], "audio": []}, "E1", Path.read_bytes)


def camera_piece(width: int, first: int) -> Piece:
    """Three pictures of a room camera, as an encoder makes them."""
    units = [
        Unit(
            data=picture.data,
            timestamp=9000 * (first + number),
            arrived=100.0 + 0.1 * (first + number),
            is_key=picture.is_key,
            size=picture.size,
            parameters=picture.parameters,
        )
        for number, picture in enumerate(map(picture_of, encoded(width, 192)))
    ]
    piece = OpenPiece("C1", "video", units[0], BEGINS_AT + 100 * first)
    for unit in units[1:]:
        piece.add(unit)
    return piece.closed("due", missing=0, broken=0)


def test_room_camera_plays_as_one_though_its_picture_has_changed(tmp_path: Path) -> None:
    paths = []
    for number, width in enumerate((320, 640), start=1):
        paths.append(tmp_path / f"{number}.mkv")
        paths[-1].write_bytes(piece_file(camera_piece(width, 3 * number), "r", number))

    data = joined(join({"video": paths, "audio": []}, "C1", Path.read_bytes))

    with av.open(io.BytesIO(data), "r") as container:
        assert container.format.name.startswith("matroska")
        assert [frame.width for frame in container.decode(video=0)] == [320] * 3 + [640] * 3
    assert len(probed(data)["video"]) == 6


def test_pictures_of_two_codecs_are_no_one_track(tmp_path: Path) -> None:
    [vp8] = kept(tmp_path, "video", (0, 15, 0))
    h264 = tmp_path / "2.mkv"
    h264.write_bytes(piece_file(camera_piece(320, 0), "r", 2))

    with pytest.raises(BadEbml, match="two codecs"):
        join({"video": [vp8, h264], "audio": []}, "C1", Path.read_bytes)
