"""The fonts that everything printed is set in: Noto Serif SC in two weights, no font of the machine.

They are not in the repository: `make` copies them out of the client's packages. A character that they lack stops
Typst (PDF/A allows no empty box), so printed texts go through `drawable` first.
"""

import struct
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

from server.domain.errors import LianpingError

FOLDER: Final = Path(__file__).parent / "fonts"
FILES: Final = ("NotoSerifSC_400Regular.ttf", "NotoSerifSC_700Bold.ttf")


class FontsMissing(LianpingError):
    """Nothing can be typeset before `make setup` has copied the fonts."""

    def __init__(self, folder: Path, names: tuple[str, ...]) -> None:
        super().__init__(
            f"排版字体缺失，请运行 make setup。 The fonts for printing are missing; run: make setup "
            f"({', '.join(names)} in {folder})"
        )


def require_fonts(folder: Path = FOLDER) -> tuple[Path, ...]:
    """The font files.

    Raises:
        FontsMissing: not all of them are there.
    """
    missing = tuple(name for name in FILES if not (folder / name).is_file())
    if missing:
        raise FontsMissing(folder, missing)
    return tuple(folder / name for name in FILES)


def drawable(text: str) -> str:
    """The text with every character that the fonts lack spelt out: `〔U+1F600〕`. Invisible ones are left out."""
    characters = _characters()
    if all(ord(char) in characters for char in text):
        return text
    return "".join(char if ord(char) in characters or char == "\n" else _spelt(char) for char in text)


def _spelt(char: str) -> str:
    if unicodedata.category(char) in {"Cc", "Cf", "Mn"}:
        return " " if char == "\t" else ""
    return f"〔U+{ord(char):04X}〕"


@cache
def _characters() -> frozenset[int]:
    """The code points that both weights have."""
    regular, bold = (_character_map(path.read_bytes()) for path in require_fonts())
    return regular & bold


def _character_map(font: bytes) -> frozenset[int]:
    """The code points of a TrueType font. Source: ISO/IEC 14496-22, `cmap`, format 12."""
    (count,) = struct.unpack_from(">H", font, 4)
    tables = (struct.unpack_from(">4sIII", font, 12 + 16 * place) for place in range(count))
    start = next(offset for tag, _, offset, _ in tables if tag == b"cmap")
    (count,) = struct.unpack_from(">H", font, start + 2)
    offsets = (struct.unpack_from(">HHI", font, start + 4 + 8 * place)[2] + start for place in range(count))
    full = next(offset for offset in offsets if struct.unpack_from(">H", font, offset)[0] == 12)
    (groups,) = struct.unpack_from(">I", font, full + 12)
    points: set[int] = set()
    for place in range(groups):
        first, last, _ = struct.unpack_from(">III", font, full + 16 + 12 * place)
        points.update(range(first, last + 1))
    return frozenset(points)
