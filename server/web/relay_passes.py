"""A page's pass for the relays: named before the first offer, and anew before it ends, while the page is connected."""

import asyncio
from collections.abc import Callable
from typing import Final

from server.auth.relays import Relays
from server.domain.ids import Alias, Millis
from server.web.signal_frames import MediaRelays

RENEW_AFTER: Final = 0.75
"Of a pass's life: a page has a quarter of it to move to the next."


async def keep_passing(
    relays: Relays, alias: Alias, clock: Callable[[], Millis], pass_on: Callable[[MediaRelays], None]
) -> None:
    """Pass on one pass after the other; the caller ends it."""
    while True:
        pass_on(new_pass(relays, alias, clock()))
        await asyncio.sleep(relays.lifetime_s * RENEW_AFTER)


def new_pass(relays: Relays, alias: Alias, now: Millis) -> MediaRelays:
    """The frame that gives a page a pass."""
    issued = relays.issue(alias, now)
    return MediaRelays(urls=issued.urls, username=issued.username, credential=issued.credential)
