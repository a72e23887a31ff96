"""The examiner: `python -m signaling.recording.examiner` reads paths of pieces, one JSON line each, and answers each
with what the piece shows, or null where it is none. A process of its own with the lowest claim on the processor:
neither packets nor the record wait for a decoder, and a file that kills a decoder kills nothing else.
"""

import os
import sys
from pathlib import Path

import msgspec

from signaling.recording.ebml import BadEbml
from signaling.recording.piece_cipher import NotOpened, PieceCipher
from signaling.recording.piece_look import PieceLook, look_at
from signaling.recording.piece_places import read_piece

NICENESS = 15


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """One piece to look at."""

    path: str
    key: bytes | None = None
    "What the room's pieces are sealed with; none where it is not known."

    def __repr__(self) -> str:
        return f"Wanted(path={self.path!r}, key=hidden)"


def answer(line: bytes) -> bytes:
    """The answer to one line, with its end."""
    return msgspec.json.encode(_look(msgspec.json.decode(line, type=Wanted))) + b"\n"


def _look(wanted: Wanted) -> PieceLook | None:
    cipher = PieceCipher(wanted.key) if wanted.key is not None else None
    try:
        return look_at(read_piece(Path(wanted.path), cipher))
    except (BadEbml, NotOpened, OSError):
        return None


def main() -> None:
    """Answer until the input ends."""
    os.nice(NICENESS)
    for line in sys.stdin.buffer:
        sys.stdout.buffer.write(answer(line))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
