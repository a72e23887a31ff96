"""A server that lies to the seats about what they sign: it stands before an honest one and changes its answers."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self

import aiohttp
import msgspec
from aiohttp import web
from asn1crypto import cms

from server.web.signatures import PreparedRevision

Lie = Callable[[bytes, PreparedRevision], PreparedRevision]
"Of the document before and what the honest server prepared, what the seat is given."


class LyingServer:
    """Passes requests on, and tells lies about the answers."""

    def __init__(self, honest: str) -> None:
        self._honest = honest
        self.lie: Lie = lambda base, prepared: prepared
        self.lie_about_file: Callable[[bytes], bytes] = lambda data: data
        self.refusals: list[str] = []
        "Codes that the next requests for a revision are refused with."
        self.broken = 0
        "Requests that get no answer."
        self.prepares_twice = 0
        "Requests after which another revision is prepared, so that the one in the answer has lapsed."
        self.asked = 0
        "Requests for a revision."
        self.reached = asyncio.Event()
        "The honest server is being asked for a revision."
        self.prepared = asyncio.Event()
        "It has prepared one."
        self.may_answer = asyncio.Event()
        "The seat gets its revision once this is set, as it is from the start."
        self.may_answer.set()
        self._base = b""

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession()
        app = web.Application(client_max_size=1 << 20)
        app.add_routes([web.route("*", "/{path:.*}", self._pass_on)])
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()
        await self._http.close()

    async def _pass_on(self, request: web.Request) -> web.Response:
        if self.broken:
            self.broken -= 1
            return _no_answer(request)
        try:
            if request.path.endswith("/signature"):
                return await self._prepare(request)
            status, self._base = await self._ask(request, await request.read())
        except aiohttp.ClientError:
            return _no_answer(request)
        return web.Response(status=status, body=self.lie_about_file(self._base))

    async def _prepare(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.asked += 1
        if self.refusals:
            refusal = {"code": self.refusals.pop(0), "text": "Try again."}
            return web.Response(status=409, body=msgspec.json.encode(refusal))
        self.reached.set()
        status, answer = await self._ask(request, body)
        if status != 200:
            return web.Response(status=status, body=answer)
        if self.prepares_twice:
            self.prepares_twice -= 1
            await self._ask(request, body)
        prepared = msgspec.json.decode(answer, type=PreparedRevision)
        self.prepared.set()
        await self.may_answer.wait()
        return web.Response(body=msgspec.json.encode(self.lie(self._base, prepared)))

    async def _ask(self, request: web.Request, body: bytes) -> tuple[int, bytes]:
        headers = {"Authorization": request.headers["Authorization"]}
        async with self._http.request(
            request.method, f"{self._honest}{request.path}", data=body, headers=headers
        ) as answer:
            return answer.status, await answer.read()


def _no_answer(request: web.Request) -> web.Response:
    """Breaks the connection."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def with_digest(attributes: bytes, digest: bytes) -> bytes:
    """Signed attributes that state another digest."""
    changed = cms.CMSAttributes.load(attributes)
    for attribute in changed:
        if attribute["type"].native == "message_digest":
            attribute["values"] = [digest]
    return bytes(changed.dump(force=True))
