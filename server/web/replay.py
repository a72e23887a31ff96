"""The replay's table of a closed room, for its auditor; the lines themselves come over the auditor's socket."""

import asyncio
from typing import Final

import msgspec
from aiohttp import hdrs, web

from server.domain.ids import RoomId
from server.replay.door import demand_replay
from server.replay.table import replay_table
from server.session.room_session import RoomSession
from server.web.entry import bearer_token, held_seat
from server.web.keys import SERVICES

FORMAT: Final = 1
"Of the table; a page that kept an older one asks again."


async def replay(request: web.Request) -> web.Response:
    """`GET /api/rooms/{room}/replay` with the auditor's token → `ReplayTable`; it never changes.

    Raises:
        TokenMalformed, TokenForeign, TokenExpired, TokenRevoked: it is not the seat that asks.
        RoleMayNot: the seat is not the auditor's.
        ReplayClosed: the room is still open.
        RoomUnknown, SeatUnknown: there is no such room, or seat.
    """
    services = request.app[SERVICES]
    room_id = RoomId(request.match_info["room"])
    holder = (await services.tokens.verify(bearer_token(request), room=room_id, now=services.clock())).holder
    session = await services.rooms.session(room_id)
    demand_replay(held_seat(holder, session.room), session.room)
    tag = f"{FORMAT}-{session.record.root_at(session.record.size)}"
    if any(known.value == tag for known in request.if_none_match or ()):
        answer = web.Response(status=304)
    else:
        answer = web.Response(body=await _table(session), content_type="application/json")
        answer.enable_compression()
    answer.etag = tag
    answer.headers[hdrs.CACHE_CONTROL] = "private, no-cache"
    return answer


async def _table(session: RoomSession) -> bytes:
    """In a thread: a long log takes a fifth of a second, and other rooms go on."""
    lines = [each.line for each in session.record.stored]
    return await asyncio.to_thread(lambda: msgspec.json.encode(replay_table(lines)))
