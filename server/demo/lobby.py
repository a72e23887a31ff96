"""The lobby of a demo: which seats there are, take one, 快进. These routes exist in a demo only."""

import msgspec
from aiohttp import web

from server.demo.director import Director
from server.domain.errors import Rejection
from server.domain.ids import Alias
from server.domain.rejections import SeatUnknown


class Stage:
    """Where the routes find the director, who comes once the server runs."""

    director: Director | None = None


class StageEmpty(Rejection):
    """The demo is still being set up."""

    code = "store_unavailable"
    sentence = "The demo is still being prepared."


def lobby_routes(stage: Stage) -> list[web.RouteDef]:
    """The demo's own part of the HTTP edge."""

    def present() -> Director:
        if stage.director is None:
            raise StageEmpty
        return stage.director

    async def show(request: web.Request) -> web.Response:
        """`GET /api/demo` → `Sitting`."""
        return _json(await present().sitting())

    async def take(request: web.Request) -> web.Response:
        """`POST /api/demo/seats/{alias}` → `{"code"}`."""
        alias = Alias(request.match_info["alias"])
        if alias not in {seat.alias for seat in (await present().sitting()).seats}:
            raise SeatUnknown(alias=alias)
        return _json({"code": await present().take(alias)})

    async def start(request: web.Request) -> web.Response:
        """`POST /api/demo/start`."""
        present().start()
        return _json({})

    async def go_on(request: web.Request) -> web.Response:
        """`POST /api/demo/go-on`."""
        present().go_on()
        return _json({})

    return [
        web.get("/api/demo", show),
        web.post("/api/demo/seats/{alias}", take),
        web.post("/api/demo/start", start),
        web.post("/api/demo/go-on", go_on),
    ]


def _json(value: object) -> web.Response:
    return web.Response(
        body=msgspec.json.encode(value), content_type="application/json", headers={"Cache-Control": "no-store"}
    )
