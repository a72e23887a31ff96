"""`/healthz`: the process answers. `/readyz`: store, reader and media are well. `/api/time`: the server's clock."""

from math import isfinite
from typing import Final

from aiohttp import web

from server.domain.errors import LianpingError
from server.web.keys import SERVICES

READER_SILENCE_LIMIT_S: Final = 5.0


async def healthz(request: web.Request) -> web.Response:
    """The process is alive."""
    return web.json_response({"ok": True})


async def time(request: web.Request) -> web.Response:
    """`GET /api/time` → `{"now"}`: the server's clock, by which a page judges its computer's."""
    return web.json_response({"now": request.app[SERVICES].clock()}, headers={"Cache-Control": "no-store"})


async def readyz(request: web.Request) -> web.Response:
    """Whether a command could be made durable and delivered, and seats be seen, now; what is missing in sentences."""
    services = request.app[SERVICES]
    try:
        promise = await services.check_promise()
        problems = list(promise.sentences) if not promise.is_kept else []
    except LianpingError as error:
        problems = [str(error)]
    silence_s = services.reader.silence_s
    if silence_s > READER_SILENCE_LIMIT_S:
        how_long = f"for {silence_s:.0f} s" if isfinite(silence_s) else "yet"
        problems.append(f"The log reader has had no answer {how_long}.")
    if services.media is not None and not services.media.is_up:
        problems.append("The media process is away: there are no sound and pictures, and nothing is recorded.")
    return web.json_response({"ok": not problems, "problems": problems}, status=503 if problems else 200)
