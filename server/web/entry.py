"""Entry: an eight-digit code becomes a token; an operator gets a new code for a seat of the own venue."""

from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta, Struct

from server.auth.codes import SeatEntry
from server.auth.operators import Operator
from server.auth.rejections import CodeUnknown, TokenMalformed, TokenRevoked
from server.auth.signed_tokens import new_device_id
from server.auth.tokens import Seat
from server.domain.ids import Alias, RoomId
from server.domain.rejections import OtherVenue, RoleMayNot, SeatTaken
from server.domain.roles import OPERATORS
from server.domain.rules.checks import present_seat
from server.domain.state import RoomState
from server.domain.state import Seat as SeatState
from server.web.keys import SERVICES
from server.web.services import Services

BEARER = "Bearer "


class EntryRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """What a person at the entrance sends."""

    code: str
    secret: Annotated[str, Meta(min_length=16, max_length=64)] | None = None
    "Drawn by the page: with it the same entry can be asked for again after an answer was lost."


async def enter(request: web.Request) -> web.Response:
    """`POST /api/entry` `{"code"}` → `{"room", "alias", "role", "venue", "token"}`, or `{"operator", "token"}`.

    With a `secret` beside the code the same entry may be asked for again.

    Raises:
        CodeUnknown, TooManyTries: no entry.
    """
    services = request.app[SERVICES]
    try:
        typed = msgspec.json.decode(await request.read(), type=EntryRequest)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise CodeUnknown from error
    entry = await services.codes.redeem(typed.code, address=request.remote or "0.0.0.0", secret=typed.secret)
    if isinstance(entry, Operator):
        return _operator_entry(entry, services)
    session = await services.rooms.session(entry.room)
    seat = present_seat(entry.alias, session.room)
    if seat.moves != entry.moves:
        raise CodeUnknown
    holder = Seat(room=entry.room, alias=entry.alias, moves=seat.moves)
    token = services.tokens.issue(holder, new_device_id(), services.clock())
    answer = {"room": entry.room, "alias": entry.alias, "role": seat.role, "venue": seat.venue, "token": token}
    return web.json_response(answer, headers={"Cache-Control": "no-store"})


def _operator_entry(operator: Operator, services: Services) -> web.Response:
    token = services.operators.issue(operator, new_device_id(), services.clock())
    shown = {"id": operator.id, "name": operator.name, "venue": operator.venue}
    return web.json_response({"operator": shown, "token": token}, headers={"Cache-Control": "no-store"})


async def renew(request: web.Request) -> web.Response:
    """`POST /api/rooms/{room}/token` with a token that is good or ended lately → `{"token"}`: a PC that slept.

    Raises:
        TokenMalformed, TokenForeign, TokenExpired, TokenRevoked: no renewal.
    """
    services = request.app[SERVICES]
    room = RoomId(request.match_info["room"])
    fresh = await services.tokens.refresh(bearer_token(request), room=room, now=services.clock())
    holder = (await services.tokens.verify(fresh, room=room, now=services.clock())).holder
    held_seat(holder, (await services.rooms.session(room)).room)
    return web.json_response({"token": fresh}, headers={"Cache-Control": "no-store"})


async def new_code(request: web.Request) -> web.Response:
    """`POST /api/rooms/{room}/seats/{alias}/code` with an operator's token → `{"code"}`.

    Only for a seat of the operator's own venue that no device holds.

    Raises:
        TokenMalformed, TokenForeign, TokenExpired, TokenRevoked: it is not the operator who asks.
        RoleMayNot, OtherVenue, SeatTaken, SeatUnknown: not for this operator, or not now.
    """
    services = request.app[SERVICES]
    room, alias = RoomId(request.match_info["room"]), Alias(request.match_info["alias"])
    holder = (await services.tokens.verify(bearer_token(request), room=room, now=services.clock())).holder
    state = (await services.rooms.session(room)).room
    operator, seat = held_seat(holder, state), present_seat(alias, state)
    if operator.role not in OPERATORS:
        raise RoleMayNot(command="new_code", role=operator.role, phase=state.phase)
    if seat.venue != operator.venue:
        raise OtherVenue(alias=alias)
    if seat.key is not None:
        raise SeatTaken(alias=alias)
    entry = SeatEntry(room=room, alias=alias, venue=seat.venue, role=seat.role, moves=seat.moves)
    issued = await services.codes.issue(entry)
    return web.json_response({"code": issued.display}, headers={"Cache-Control": "no-store"})


def held_seat(holder: Seat, room: RoomState) -> SeatState:
    """The seat that a token was issued for, unless it has been moved to another device since."""
    seat = present_seat(holder.alias, room)
    if holder.moves != seat.moves:
        raise TokenRevoked
    return seat


def bearer_token(request: web.Request) -> str:
    """The token of the request's `Authorization` header.

    Raises:
        TokenMalformed: there is none.
    """
    header = request.headers.get("Authorization", "")
    if not header.startswith(BEARER):
        raise TokenMalformed
    return header.removeprefix(BEARER)
