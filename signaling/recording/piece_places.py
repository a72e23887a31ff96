"""Where the pieces of recordings lie: `<room>/<alias>-<track>/<number>.webm.sealed` in one folder.

The ending before `.sealed` is that of the clear file, `.mkv` for pictures in H.264, which WebM does not know. A piece
without `.sealed` is in the clear: one of a server of before, or a copy that was made for somebody who has no key.
"""

import re
from collections.abc import Callable
from pathlib import Path

from signaling.messages import Track
from signaling.recording.piece_cipher import NotOpened, PieceCipher

SEALED = ".sealed"

Read = Callable[[Path], bytes]
"Gives the clear file of a piece."

_PIECE = re.compile(r"([1-9]\d*)\.(?:webm|mkv)(?:\.sealed)?")


class NoKey(NotOpened):
    """A piece is sealed, and the key of its room is not here."""


def track_folder(root: Path, room: str, alias: str, track: Track) -> Path:
    """Where the pieces of a track lie."""
    return root / room / f"{alias}-{track}"


def pieces_in(folder: Path) -> dict[int, Path]:
    """The pieces in a track's folder by their numbers, rising; a sealed one goes before a clear one of its number."""
    named = ((_PIECE.fullmatch(path.name), path) for path in folder.iterdir())
    found = sorted((int(match[1]), is_sealed(path), path) for match, path in named if match)
    return {number: path for number, _, path in found}


def is_sealed(path: Path) -> bool:
    """Whether this is the name of a sealed piece."""
    return path.suffix == SEALED


def place_of(path: Path) -> str:
    """The place that a sealed piece is bound to, such as `E1-video/12`."""
    number, _, _ = path.name.partition(".")
    return f"{path.parent.name}/{number}"


def read_piece(path: Path, cipher: PieceCipher | None) -> bytes:
    """The clear file of a piece.

    Args:
        path: where it lies.
        cipher: that of its room; none where the key is not here.

    Raises:
        NoKey: it is sealed.
        NotOpened: it was changed, cut off, moved, or sealed with another key.
        OSError: it cannot be read.
    """
    data = path.read_bytes()
    if not is_sealed(path):
        return data
    if cipher is None:
        raise NoKey
    return cipher.open(data, place_of(path))
