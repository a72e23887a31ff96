"""Writes the six bids of the demonstration, `server/tender/bids/*.pdf`: `python -m tests.support.make_demo_bids`.

They are committed as they came out once; the texts are in `demo_bids/`, and no bid names its bidder (暗标).
"""

from pathlib import Path
from typing import Final

import typst

from server.reports.fonts import FOLDER as FONTS

TEXTS: Final = Path(__file__).parent / "demo_bids"
BIDS: Final = Path(__file__).parents[2] / "server" / "tender" / "bids"
LETTERS: Final = "ABCDEF"


def made(letter: str) -> bytes:
    """One bid."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    compiler = typst.Compiler(TEXTS / f"{letter}.typ", root=TEXTS, font_paths=fonts, ignore_system_fonts=True)
    pdf = compiler.compile(format="pdf", pdf_tags=False)
    if not isinstance(pdf, bytes):
        raise TypeError("a PDF is one file")
    return pdf


if __name__ == "__main__":
    BIDS.mkdir(exist_ok=True)
    for name in LETTERS:
        (BIDS / f"{name}.pdf").write_bytes(made(name))
