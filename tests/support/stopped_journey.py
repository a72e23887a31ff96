"""What stood on the pages, and last in the media process's log, when a journey stopped: printed, for pytest to show."""

import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Error, Page

from server.domain.ids import Alias

LAST_LINES = 20
WORDS = 2_000


@asynccontextmanager
async def told_where_it_stopped(pages: Mapping[Alias, Page], media_log: Path) -> AsyncIterator[None]:
    """Print it if what happens here fails."""
    try:
        yield
    except BaseException:
        for alias, page in pages.items():
            sys.stdout.write(f"\n== {alias} at {page.url}\n{await _words_of(page)}\n")
        sys.stdout.write(f"\n== media process\n{_end_of(media_log)}\n")
        raise


def _end_of(log: Path) -> str:
    return "\n".join(log.read_text("utf-8", "replace").splitlines()[-LAST_LINES:]) if log.exists() else "(no log)"


async def _words_of(page: Page) -> str:
    try:
        return (await page.locator("body").inner_text(timeout=3_000))[:WORDS]
    except Error as error:
        return f"({error})"
