"""`/rooms/{room}/sync`: one WebSocket a page; decode, call, encode. No rule of the proceeding lives here."""

import asyncio
from contextlib import suppress
from typing import Final

import structlog
from aiohttp import WSMsgType, web

from server.auth.rejections import TokenExpired
from server.auth.signed_tokens import LIFETIME_S
from server.domain.commands import parse_command
from server.domain.errors import EvidenceBroken, LianpingError, Rejection
from server.domain.ids import Alias, RoomId
from server.domain.plan import SignedCommand
from server.domain.rules.checks import present_seat
from server.session.feed import Feed
from server.session.frames import (
    PROTOCOL,
    AnyFromSeat,
    AnyToSeat,
    CellSaved,
    FreshToken,
    Goodbye,
    Join,
    Progress,
    Refresh,
    Refused,
    SaveCell,
    ShowProgress,
    Submit,
    Welcome,
)
from server.session.room_session import RoomSession
from server.web.client_errors import code_of
from server.web.keys import SERVICES
from server.web.packing import FROM_SEAT, unpack
from server.web.seat_door import HEARTBEAT_S, JoinMissing, admit, first_message, send
from server.web.services import Services

FRAMES_A_SECOND: Final = 40
FRAMES_AT_ONCE: Final = 200
"More frames than any page sends are abuse."

_log = structlog.get_logger(__name__)


class TooManyFrames(Rejection):
    """More frames than any page sends."""

    code = "too_many_frames"
    sentence = "Too many frames in a short time."


async def sync(request: web.Request) -> web.WebSocketResponse:
    """Serve one connection until either side ends it."""
    socket = web.WebSocketResponse(
        protocols=[PROTOCOL], heartbeat=HEARTBEAT_S, max_msg_size=FROM_SEAT.size, compress=False
    )
    await socket.prepare(request)
    try:
        connection = await _join(socket, request.app[SERVICES], RoomId(request.match_info["room"]))
    except LianpingError as error:
        await send(socket, Goodbye(code=code_of(error), text=str(error)))
        return socket
    await connection.run()
    return socket


async def _join(socket: web.WebSocketResponse, services: Services, room_id: RoomId) -> "Connection":
    """Read the first frame and let the seat in, in place of an earlier page of the same device.

    Raises:
        LianpingError: not let in.
    """
    frame = unpack(await first_message(socket, PROTOCOL))
    if not isinstance(frame, Join):
        raise JoinMissing
    admission = await admit(services, room_id, frame)
    feed = admission.session.attach(admission.holder.alias, max(0, frame.have))
    return Connection(socket, services, admission.session, feed, frame.token, token_ends_s=admission.stamp.exp)


class Connection:
    """One page of one seat."""

    def __init__(
        self,
        socket: web.WebSocketResponse,
        services: Services,
        session: RoomSession,
        feed: Feed,
        token: str,
        *,
        token_ends_s: int,
    ) -> None:
        self._socket = socket
        self._services = services
        self._session = session
        self._feed = feed
        self._token = token
        self._token_ends_s = token_ends_s
        self._frames_left = float(FRAMES_AT_ONCE)
        self._frames_counted_at = asyncio.get_running_loop().time()

    @property
    def alias(self) -> Alias:
        """Whose page it is."""
        return self._feed.viewer.alias

    async def run(self) -> None:
        """Welcome the page, then send and receive until the end."""
        sender = asyncio.create_task(self._send())
        guard = asyncio.create_task(self._watch_token())
        try:
            await self._welcome()
            await self._receive()
        except LianpingError as error:
            self._feed.close(code_of(error), str(error))
        finally:
            self._session.detach(self._feed)
            guard.cancel()
            self._feed.close("connection_ended", "")
            await sender
            with suppress(asyncio.CancelledError):
                await guard

    async def _welcome(self) -> None:
        viewer, record = self._feed.viewer, self._session.record
        cells = await self._services.drafts.load(self._session, self.alias)
        key = present_seat(self.alias, self._session.room).key
        self._feed.send(
            Welcome(
                alias=viewer.alias,
                role=viewer.role,
                venue=viewer.venue,
                size=record.size,
                now=self._services.clock(),
                last_n=record.ledger.last_n(key) if key else 0,
                cells=cells,
            )
        )
        self._session.begin(self._feed)

    async def _send(self) -> None:
        """Pass the feed's frames on; the last one is a goodbye."""
        while (frame := await self._feed.frames.get()) is not None:
            await send(self._socket, frame)

    async def _receive(self) -> None:
        async for message in self._socket:
            if message.type is not WSMsgType.BINARY:
                continue
            self._count_frame()
            try:
                await self._answer(unpack(message.data))
            except EvidenceBroken as error:
                _log.error("evidence_broken", room=self._session.room_id, error=str(error))
                raise
            except Rejection as error:
                self._reply(Refused(code=error.code, text=str(error)))

    async def _answer(self, frame: AnyFromSeat) -> None:
        match frame:
            case Submit():
                await asyncio.shield(self._submit(frame))
            case SaveCell():
                cell = await self._services.drafts.save(self._session, self.alias, frame)
                self._session.broadcast(CellSaved(cell=cell), self.alias)
            case ShowProgress():
                self._session.broadcast(
                    Progress(alias=self.alias, lot=frame.lot, stage=frame.stage, filled=frame.filled, total=frame.total)
                )
            case Refresh():
                await self._refresh()
            case Join():
                raise JoinMissing

    async def _submit(self, frame: Submit) -> None:
        """Carry the command out, to the end even if the page goes away."""
        signed = SignedCommand(text=frame.text, key=frame.key, signature=frame.signature)
        try:
            accepted = await self._session.submit(self.alias, signed)
        except Rejection as error:
            self._reply(Refused(code=error.code, text=str(error), n=_number_of(frame.text)))
            return
        self._reply(accepted)
        with suppress(Rejection):
            await self._services.drafts.forget(self._session, self.alias, signed)

    async def _refresh(self) -> None:
        now = self._services.clock()
        self._token = await self._services.tokens.refresh(self._token, room=self._session.room_id, now=now)
        self._token_ends_s = now // 1000 + LIFETIME_S
        self._reply(FreshToken(token=self._token))

    def _reply(self, frame: AnyToSeat) -> None:
        self._feed.send(frame)

    async def _watch_token(self) -> None:
        """End the connection when its token has ended and was not refreshed."""
        while True:
            left_s = self._token_ends_s - self._services.clock() / 1000
            if left_s <= 0:
                self._feed.close(TokenExpired.code, str(TokenExpired()))
                return
            await asyncio.sleep(left_s)

    def _count_frame(self) -> None:
        """Let a page send a burst, not a flood.

        Raises:
            TooManyFrames: a flood.
        """
        now = asyncio.get_running_loop().time()
        self._frames_left += (now - self._frames_counted_at) * FRAMES_A_SECOND
        self._frames_left = min(self._frames_left, FRAMES_AT_ONCE) - 1
        self._frames_counted_at = now
        if self._frames_left < 0:
            raise TooManyFrames


def _number_of(text: str) -> int | None:
    """The `n` of a refused command, if it can be read."""
    try:
        return parse_command(text)[0].n
    except Rejection:
        return None
