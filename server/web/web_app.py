"""The routes, and what all answers have in common."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from aiohttp import web

from server.domain.errors import LianpingError
from server.web import (
    camera_passes,
    camera_sources,
    entry,
    health,
    offered_sessions,
    room_files,
    signatures,
    tenders,
    trust,
    whep,
    whip,
)
from server.web.client_errors import http_refusal
from server.web.keys import SERVICES
from server.web.recording_check import check_recordings
from server.web.replay import replay
from server.web.services import Services
from server.web.signal_socket import signal
from server.web.sync_socket import sync

BODY_LIMIT: Final = 64 * 1024

HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def make_web_app(services: Services, more_routes: Iterable[web.AbstractRouteDef] = ()) -> web.Application:
    """The HTTP and WebSocket edge over these services; a demo adds routes of its own."""
    app = web.Application(middlewares=[_refusals], client_max_size=BODY_LIMIT)
    app[SERVICES] = services
    app.add_routes(
        [
            web.get("/healthz", health.healthz),
            web.get("/readyz", health.readyz),
            web.get("/trust", trust.page),
            web.get("/trust/root.crt", trust.root),
            web.get("/api/time", health.time),
            web.post("/api/entry", entry.enter),
            web.post("/api/operator/token", tenders.renew),
            web.post("/api/tenders/check", tenders.check),
            web.get("/api/rooms", tenders.list_rooms),
            web.post("/api/rooms", tenders.create),
            web.post("/api/rooms/{room}/token", entry.renew),
            web.post("/api/rooms/{room}/seats/{alias}/code", entry.new_code),
            web.post("/api/rooms/{room}/cameras/{camera}/pass", camera_passes.issue),
            web.delete("/api/rooms/{room}/cameras/{camera}/pass", camera_passes.withdraw),
            web.get("/api/rooms/{room}/cameras", camera_sources.standings),
            web.post("/api/rooms/{room}/cameras/{camera}/source", camera_sources.name),
            web.get("/api/rooms/{room}/files/{sha256}", room_files.read_file),
            web.post("/api/rooms/{room}/lots/{lot}/signature", signatures.prepare),
            web.get("/api/rooms/{room}/lots/{lot}/annex/{version:[0-9]{1,9}}", signatures.read_annex),
            web.post("/api/rooms/{room}/lots/{lot}/annex", signatures.prepare_annex),
            web.post("/api/rooms/{room}/recordings/check", check_recordings),
            web.get("/api/rooms/{room}/replay", replay),
            web.get("/rooms/{room}/sync", sync),
            web.get("/rooms/{room}/signal", signal),
            *_whip_routes(),
            *_whep_routes(),
        ]
    )
    app.add_routes(more_routes)
    app.on_response_prepare.append(_add_headers)
    app.on_response_prepare.append(offered_sessions.allow_any_origin)
    return app


def _whip_routes() -> list[web.AbstractRouteDef]:
    offers, session = "/rooms/{room}/whip", "/rooms/{room}/whip/{session:[0-9a-f]{1,16}}"
    return [
        web.post(offers, whip.offer),
        web.patch(session, whip.patch),
        web.delete(session, whip.end),
        *(web.options(path, offered_sessions.options) for path in (offers, session)),
    ]


def _whep_routes() -> list[web.AbstractRouteDef]:
    picture, screen = "/rooms/{room}/whep/{source}", "/rooms/{room}/whep/{source}/screen"
    session = "/rooms/{room}/whep/session/{session:[0-9a-f]{1,16}}"
    return [
        web.post(picture, whep.offer_picture),
        web.post(screen, whep.offer_screen),
        web.patch(session, whep.patch),
        web.delete(session, whep.end),
        *(web.options(path, offered_sessions.options) for path in (picture, screen, session)),
        *(web.get(path, whep.nothing) for path in (picture, screen, session)),
    ]


@web.middleware
async def _refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn our errors into answers with a stable code."""
    try:
        return await handler(request)
    except LianpingError as error:
        return http_refusal(error)


async def _add_headers(request: web.Request, response: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
