"""Scripted seats that play films into a room on a running server."""

from contextlib import AsyncExitStack

from server.demo.seat_media import SeatMedia
from server.domain.ids import Alias
from signaling.scripted.clip import clips, load
from tests.support.live_server import Sitting
from tests.support.patience import until

FILMS = [load(path) for path in clips()]


async def played_media(sitting: Sitting, stack: AsyncExitStack, *aliases: Alias) -> dict[Alias, SeatMedia]:
    """The seats' media once they are connected; the films end with the stack."""
    media = {
        alias: await stack.enter_async_context(SeatMedia(sitting.seats[alias], FILMS[place % len(FILMS)]))
        for place, alias in enumerate(aliases)
    }
    for each in media.values():
        await until(each.connected.is_set)
    return media
