"""The door that both sockets of a seat share: the first frame, the token, and proof of the seat's key."""

from contextlib import suppress
from typing import Final, Protocol

from aiohttp import WSMsgType, web
from msgspec import Struct

from server.auth.rejections import TokenRevoked
from server.auth.signed_tokens import Stamp
from server.auth.tokens import Seat
from server.domain.errors import Rejection
from server.domain.ids import Digest, RoomId
from server.domain.rejections import SeatTaken
from server.domain.rules.checks import present_seat
from server.evidence.command_signatures import verify_join_signature
from server.session.frames import AnyToSeat, Goodbye, Refused
from server.session.room_session import RoomSession
from server.web.client_errors import close_code
from server.web.packing import pack
from server.web.services import Services
from server.web.signal_frames import AnySignalToSeat

JOIN_PATIENCE_S: Final = 15.0
"For the first frame."

HEARTBEAT_S: Final = 15.0
"Between pings; a connection without an answer is ended."


class ProtocolUnknown(Rejection):
    """The page speaks another version of the protocol."""

    code = "protocol_unknown"
    sentence = "This server speaks {protocol}; reload the page."


class JoinMissing(Rejection):
    """The first frame is not a join, or did not come."""

    code = "join_missing"
    sentence = "The first frame must be a join."


class JoinFrame(Protocol):
    """A first frame: a token, and proof that the device holds the seat's key."""

    @property
    def token(self) -> str:
        """The seat's token."""
        ...

    @property
    def key(self) -> Digest | None:
        """Fingerprint of the command key."""
        ...

    @property
    def proof(self) -> bytes | None:
        """The key's signature over the token."""
        ...


class Admission(Struct, frozen=True):
    """A seat that was let in."""

    session: RoomSession
    holder: Seat
    stamp: Stamp


async def first_message(socket: web.WebSocketResponse, protocol: str) -> bytes:
    """The bytes of the first frame.

    Raises:
        ProtocolUnknown: the page speaks another protocol.
        JoinMissing: no frame came in time, or one that is not binary.
    """
    if socket.ws_protocol != protocol:
        raise ProtocolUnknown(protocol=protocol)
    try:
        message = await socket.receive(JOIN_PATIENCE_S)
    except TimeoutError as error:
        raise JoinMissing from error
    if message.type is not WSMsgType.BINARY:
        raise JoinMissing
    data: bytes = message.data
    return data


async def admit(services: Services, room_id: RoomId, join: JoinFrame) -> Admission:
    """Let a seat in, on the device that holds its key once it is enrolled; the first page is told of other tries.

    Raises:
        TokenMalformed, TokenForeign, TokenExpired, TokenRevoked: the token opens nothing; the seat may have been moved.
        SeatTaken: another device holds the seat.
        SeatUnknown, SeatLeft, RoomUnknown: there is no such seat now.
    """
    token = await services.tokens.verify(join.token, room=room_id, now=services.clock())
    session = await services.rooms.session(room_id)
    alias = token.holder.alias
    seat = present_seat(alias, session.room)
    if token.holder.moves != seat.moves:
        raise TokenRevoked
    if seat.key is not None and not _holds_key(join, seat.key, session.room.keys[seat.key]):
        session.feeds.broadcast(
            Refused(code="other_device_refused", text="Another device tried to open this seat."), alias
        )
        raise SeatTaken(alias=alias)
    return Admission(session, token.holder, token.stamp)


def _holds_key(join: JoinFrame, key: Digest, spki: bytes) -> bool:
    return join.key == key and join.proof is not None and verify_join_signature(spki, join.token, join.proof)


async def send(socket: web.WebSocketResponse, frame: AnyToSeat | AnySignalToSeat) -> None:
    """Send a frame, or close with it if it is a goodbye; a connection that is gone already is no error."""
    if socket.closed:
        return
    with suppress(ConnectionError):
        if not isinstance(frame, Goodbye):
            await socket.send_bytes(pack(frame))
            return
        if frame.text:
            await socket.send_bytes(pack(frame))
        await socket.close(code=close_code(frame.code), message=frame.code.encode())
