"""`/rooms/{room}/sync`: one WebSocket a page; decode, call, encode. No rule of the proceeding lives here."""

import asyncio
from contextlib import suppress
from typing import Final

import structlog
from aiohttp import WSMessage, WSMsgType, web

from server.auth.rejections import TokenExpired, TokenRevoked
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
    Refresh,
    Refused,
    SaveCell,
    ShowProgress,
    Submit,
    Welcome,
)
from server.task_end import end_tasks
from server.web.client_errors import code_of
from server.web.keys import SERVICES
from server.web.packing import FROM_SEAT, MalformedFrame, unpack
from server.web.seat_door import HEARTBEAT_S, Admission, JoinMissing, admit, first_message, send

FRAMES_A_SECOND: Final = 40
FRAMES_AT_ONCE: Final = 200
"More frames than any page sends are abuse."

GOODBYE_PATIENCE_S: Final = 3.0
"For the last frame to leave; a page that has stopped reading is cut off."

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
        connection = await _join(socket, request)
    except LianpingError as error:
        await send(socket, Goodbye(code=code_of(error), text=str(error)))
        return socket
    await connection.run()
    return socket


async def _join(socket: web.WebSocketResponse, request: web.Request) -> "Connection":
    """Read the first frame and let the seat in, in place of an earlier page of the same device.

    Raises:
        LianpingError: not let in.
    """
    frame = unpack(await first_message(socket, PROTOCOL))
    if not isinstance(frame, Join):
        raise JoinMissing
    admission = await admit(request.app[SERVICES], RoomId(request.match_info["room"]), frame)
    feed = admission.session.attach(admission.holder.alias, frame.have)
    return Connection(socket, request, admission, feed, frame.token)


class Connection:
    """One page of one seat."""

    def __init__(
        self,
        socket: web.WebSocketResponse,
        request: web.Request,
        admission: Admission,
        feed: Feed,
        token: str,
    ) -> None:
        self._socket = socket
        self._transport = request.transport
        self._services = request.app[SERVICES]
        self._session = admission.session
        self._moves = admission.holder.moves
        self._feed = feed
        self._token = token
        self._token_ends_s = admission.stamp.exp
        self._frames_left = float(FRAMES_AT_ONCE)
        self._frames_counted_at = asyncio.get_running_loop().time()

    @property
    def alias(self) -> Alias:
        """Whose page it is."""
        return self._feed.viewer.alias

    async def run(self) -> None:
        """Welcome the page, then send and receive until the end."""
        sender = asyncio.create_task(self._send())
        guards = asyncio.gather(self._watch_token(), self._cut_off())
        try:
            await self._welcome()
            await self._receive()
        except LianpingError as error:
            self._feed.close(code_of(error), str(error))
        finally:
            self._session.feeds.detach(self._feed)
            self._feed.close("connection_ended", "")
            await sender
            await end_tasks(guards)

    async def _welcome(self) -> None:
        viewer, record = self._feed.viewer, self._session.record
        cells = await self._services.drafts.load(self._session, self.alias)
        seat = present_seat(self.alias, self._session.room)
        if seat.moves != self._moves:
            raise TokenRevoked
        self._feed.send(
            Welcome(
                alias=viewer.alias,
                role=viewer.role,
                venue=viewer.venue,
                size=record.size,
                now=self._services.clock(),
                last_n=record.ledger.last_n(seat.key) if seat.key else 0,
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
            self._count_frame()
            try:
                await self._answer(_frame_of(message))
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
                self._session.feeds.broadcast(CellSaved(cell=cell), self.alias)
            case ShowProgress():
                self._session.feeds.broadcast(self._services.drafts.progress(self._session, self.alias, frame))
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

    async def _cut_off(self) -> None:
        """Break the connection if its last frame does not leave: the other side has stopped reading."""
        await self._feed.closed.wait()
        await asyncio.sleep(GOODBYE_PATIENCE_S)
        if self._transport is not None:
            self._transport.abort()

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


def _frame_of(message: WSMessage) -> AnyFromSeat:
    if message.type is not WSMsgType.BINARY:
        raise MalformedFrame(detail="a frame is one binary message")
    return unpack(message.data)


def _number_of(text: str) -> int | None:
    """The `n` of a refused command, if it can be read."""
    try:
        return parse_command(text)[0].n
    except Rejection:
        return None
