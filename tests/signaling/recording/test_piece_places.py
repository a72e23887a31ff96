from pathlib import Path

import pytest

from signaling.recording.piece_cipher import NotOpened, PieceCipher
from signaling.recording.piece_places import NoKey, is_sealed, pieces_in, place_of, read_piece, track_folder

CIPHER = PieceCipher(bytes(range(32)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = track_folder(tmp_path, "r", "E1", "video")
    folder.mkdir(parents=True)
    return folder


def put(path: Path, clear: bytes) -> Path:
    path.write_bytes(CIPHER.seal(clear, place_of(path), bytes(32)) if is_sealed(path) else clear)
    return path


def test_pieces_are_found_by_number_and_the_sealed_one_counts(folder: Path) -> None:
    for name in ("10.webm.sealed", "9.mkv.sealed", "2.webm", "2.webm.sealed", "1.mkv", "0.webm", "3.part", "x.webm"):
        (folder / name).touch()

    found = [(number, path.name) for number, path in pieces_in(folder).items()]

    assert found == [(1, "1.mkv"), (2, "2.webm.sealed"), (9, "9.mkv.sealed"), (10, "10.webm.sealed")]


def test_sealed_piece_is_opened_and_a_clear_one_is_read_as_it_is(folder: Path) -> None:
    sealed, clear = put(folder / "2.webm.sealed", b"a piece"), put(folder / "1.webm", b"an old one")

    assert place_of(sealed) == "E1-video/2"
    assert read_piece(sealed, CIPHER) == b"a piece"
    assert read_piece(clear, CIPHER) == read_piece(clear, None) == b"an old one"


def test_sealed_piece_does_not_open_without_the_key_or_in_another_place(folder: Path) -> None:
    sealed = put(folder / "2.webm.sealed", b"a piece")

    with pytest.raises(NoKey):
        read_piece(sealed, None)
    with pytest.raises(NotOpened):
        read_piece(sealed.rename(folder / "3.webm.sealed"), CIPHER)


def test_clear_file_under_a_sealed_name_does_not_open(folder: Path) -> None:
    (folder / "1.webm.sealed").write_bytes(b"\x1a\x45\xdf\xa3")

    with pytest.raises(NotOpened):
        read_piece(folder / "1.webm.sealed", CIPHER)
