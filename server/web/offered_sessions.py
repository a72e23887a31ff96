"""What WHIP and WHEP have in common: an offer is answered, its session is trickled to, restarted and ended.

An offer is answered whole, with all our addresses, so nothing has to trickle: candidates that the other side still
sends are taken note of by its checks (ICE-lite). The entity tag of an ICE session is our name in it; an ICE restart
gives the same connection another one. It is the token that opens, and a browser sends none by itself, so any page may
ask, from wherever it comes. A right token opens however many wrong ones have come from the same address: an encoder
that comes again and again with a pass of yesterday must not lock out its hall, and nobody guesses 32 random bytes.
Source: RFC 9725; draft-ietf-wish-whep-03.
"""

import re
from collections.abc import Awaitable, Callable
from typing import ClassVar, Final

from aiohttp import web
from msgspec import Struct

from server.auth.relays import Relays
from server.auth.tries import Door
from server.domain.errors import Rejection
from server.domain.ids import Millis
from server.web.keys import SERVICES
from server.web.media_bridge import MediaBridge
from server.web.offer_desk import IceSession, OfferAnswer, ufrag_of, ufrags_of
from server.web.signal_socket import MediaOff

SDP: Final = "application/sdp"
FRAGMENT: Final = "application/trickle-ice-sdpfrag"
_PATH: Final = re.compile(r"/rooms/[^/]+/wh[ie]p(/.*)?")
_FROM_ANYWHERE: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Location, ETag, Link, Retry-After, WWW-Authenticate",
}
_METHODS: Final = "OPTIONS, GET, POST, PATCH, DELETE"
_PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": _METHODS,
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-Match",
    "Access-Control-Max-Age": "7200",
}


class NotSdp(Rejection):
    """The body is of another type."""

    code: ClassVar[str] = "not_sdp"
    sentence: ClassVar[str] = "The body must be of the type {wanted}."


class MediaSessionUnknown(Rejection):
    """It has ended, or was never there."""

    code: ClassVar[str] = "media_session_unknown"
    sentence: ClassVar[str] = "There is no such session; send a new offer."


class MediaSessionMoved(Rejection):
    """The request is about another ICE session than the present one."""

    code: ClassVar[str] = "media_session_moved"
    sentence: ClassVar[str] = "If-Match must name the present ICE session, or be * to restart it."


class MediaSessionNotNamed(Rejection):
    """The request does not say which ICE session it is about."""

    code: ClassVar[str] = "media_session_not_named"
    sentence: ClassVar[str] = "If-Match is missing: it names the present ICE session, or is * to restart it."


class OfferedSession(Struct, frozen=True):
    """A session with what can be done to it."""

    ice: IceSession
    restart: Callable[[str], Awaitable[OfferAnswer]]
    "Restart its ICE as a fragment asks."
    end: Callable[[], None]


Handler = Callable[[web.Request], Awaitable[web.Response]]
Find = Callable[[web.Request], Awaitable[OfferedSession]]
"The session that a request is about; raises `MediaSessionUnknown` where it has ended."


async def options(request: web.Request) -> web.Response:
    """`OPTIONS`: what is taken here, and that a page from anywhere may ask; relays are named with an answer."""
    return web.Response(headers={"Accept-Post": SDP, "Allow": _METHODS, **_PREFLIGHT})


async def allow_any_origin(request: web.Request, response: web.StreamResponse) -> None:
    """Let pages of other systems read our answers, refusals too."""
    if _PATH.fullmatch(request.path):
        response.headers.update(_FROM_ANYWHERE)


async def body_of(request: web.Request, wanted: str) -> str:
    """The text of a request.

    Raises:
        NotSdp: it is of another type.
    """
    if request.content_type != wanted:
        raise NotSdp(wanted=wanted)
    return (await request.read()).decode("utf-8", "replace")


def created(request: web.Request, answer: OfferAnswer, sessions: str, holder: str) -> web.Response:
    """The answer to an offer, under the path of all sessions; names the relays with what opens them."""
    services = request.app[SERVICES]
    headers = [
        ("Location", f"{sessions}/{answer.connection:x}"),
        ("ETag", f'"{ufrag_of(answer.sdp)}"'),
        ("Cache-Control", "no-store"),
    ]
    if services.relays is not None:
        headers += [("Link", link) for link in relay_links(services.relays, holder, services.clock())]
    return web.Response(status=201, text=answer.sdp, content_type=SDP, headers=headers)


def patching(find: Find) -> Handler:
    """The handler of `PATCH`: further candidates, or an ICE restart."""

    async def patch(request: web.Request) -> web.Response:
        return await _patched(request, await find(request))

    return patch


def ending(find: Find) -> Handler:
    """The handler of `DELETE`; which ICE session of the connection is meant does not matter then."""

    async def end(request: web.Request) -> web.Response:
        (await find(request)).end()
        return web.Response(status=200)

    return end


async def _patched(request: web.Request, session: OfferedSession) -> web.Response:
    """Further candidates need no word of ours; `If-Match: *` with another name of the other side restarts ICE.

    Raises:
        NotSdp, MediaSessionNotNamed, MediaSessionMoved: see each.
        OfferRefused, MediaAway: it cannot be restarted now; it goes on as it is.
    """
    fragment = await body_of(request, FRAGMENT)
    if "If-Match" not in request.headers:
        raise MediaSessionNotNamed
    matched = request.headers["If-Match"].strip('"')
    is_another = not ufrags_of(fragment) <= session.ice.theirs
    if matched == "*" and is_another:
        answer = await session.restart(fragment)
        headers = {"ETag": f'"{ufrag_of(answer.sdp)}"', "Cache-Control": "no-store"}
        return web.Response(status=200, text=answer.sdp, content_type=FRAGMENT, headers=headers)
    if is_another or matched not in ("*", session.ice.ours):
        raise MediaSessionMoved
    return web.Response(status=204)


def session_number(request: web.Request) -> int:
    """The connection that a request's path names."""
    return int(request.match_info["session"], 16)


def media_of(request: web.Request) -> MediaBridge:
    """Sound and pictures.

    Raises:
        MediaOff: there are none.
    """
    media = request.app[SERVICES].media
    if media is None:
        raise MediaOff
    return media


async def note_wrong_pass(request: web.Request) -> None:
    """Count a token that opens nothing.

    Raises:
        TooManyTries: this address has shown too many of them, or the room has seen too many.
    """
    door = Door(request.match_info["room"])
    await request.app[SERVICES].wrong_passes.count(request.remote or "0.0.0.0", door)


def relay_links(relays: Relays, holder: str, now: Millis) -> list[str]:
    """The values of the `Link` headers. Source: RFC 9725, 4.6."""
    issued = relays.issue(holder, now)
    opens = f'username="{issued.username}"; credential="{issued.credential}"; credential-type="password"'
    return [f'<{url}>; rel="ice-server"; {opens}' for url in issued.urls]
