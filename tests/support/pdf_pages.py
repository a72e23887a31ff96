"""What foreign tools (poppler) see in a PDF."""

import re
import subprocess
from pathlib import Path

from msgspec import Struct


def text_of(pdf: bytes) -> str:
    """All text without blanks and line ends, as `pdftotext` finds it."""
    return re.sub(r"\s+", "", _run(["pdftotext", "-", "-"], pdf))


def page_count(pdf: bytes) -> int:
    """How many pages there are."""
    return int(re.findall(r"^Pages:\s+(\d+)$", _run(["pdfinfo", "-"], pdf), re.MULTILINE)[0])


class Picture(Struct, frozen=True):
    """A page, one pixel a PDF point."""

    width: int
    height: int
    pixels: bytes

    def at(self, x: float, y: float) -> tuple[int, ...]:
        """Red, green and blue at a place, in points from the lower left corner."""
        start = (int(self.height - y) * self.width + int(x)) * 3
        return tuple(self.pixels[start : start + 3])


def picture_of(pdf: bytes, page: int, folder: Path) -> Picture:
    """One page, from 1, as `pdftoppm` draws it."""
    _run(["pdftoppm", "-r", "72", "-f", str(page), "-singlefile", "-", str(folder / "page")], pdf)
    head, _, pixels = (folder / "page.ppm").read_bytes().partition(b"\n255\n")
    width, height = (int(number) for number in head.split()[1:3])
    return Picture(width, height, pixels)


def _run(command: list[str], pdf: bytes) -> str:
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
