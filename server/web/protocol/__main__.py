"""Writes the protocol's types for the page and its description: `python -m server.web.protocol`."""

from pathlib import Path
from typing import Final

import server
from server.web.protocol.page import page
from server.web.protocol.typescript import typescript

_ROOT: Final = Path(server.__file__).parents[1]
PAGE: Final = _ROOT / "server" / "protocol.md"
TYPES: Final = _ROOT / "client_web" / "src" / "protocol" / "generated.ts"


def main() -> None:
    """Write both files."""
    PAGE.write_text(page(), encoding="utf-8")
    TYPES.write_text(typescript(), encoding="utf-8")


if __name__ == "__main__":
    main()
