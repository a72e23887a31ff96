"""Hands the offers of those who negotiate once (encoders, players) to the media process, and its answers back."""

import asyncio
import re
from collections.abc import Callable
from itertools import count
from typing import ClassVar, Final

from msgspec import Struct

from server.domain.errors import Rejection
from server.domain.ids import Alias, RoomId
from signaling.messages import OfferTaken, RestartIce, ToMedia

ANSWER_WITHIN_S: Final = 3.0
_UFRAG: Final = re.compile(r"^a=ice-ufrag:(\S+)", re.MULTILINE)


class OfferRefused(Rejection):
    """What is offered cannot be taken."""

    code: ClassVar[str] = "offer_refused"
    sentence: ClassVar[str] = "{problem}"


class CodecMissing(Rejection):
    """A player takes no codec that is sent."""

    code: ClassVar[str] = "codec_missing"
    sentence: ClassVar[str] = "{problem}"


class MediaAway(Rejection):
    """The media process does not answer just now."""

    code: ClassVar[str] = "media_away"
    sentence: ClassVar[str] = "Sound and pictures are being started; try again in a moment."


class OfferAnswer(Struct, frozen=True, kw_only=True):
    """What is answered to an offer, or to an ICE restart: then a fragment."""

    connection: int
    sdp: str


class IceSession(Struct, kw_only=True):
    """How the two ends of a connection call each other."""

    connection: int
    ours: str | None
    "Our name; another one after each restart."
    theirs: frozenset[str] = frozenset()
    "Theirs: several where the lines of an offer do not share one; none before they have been answered."


class OfferDesk:
    """Of one kind of offers.

    Args:
        tell: sends a message to the media process; false while there is none.
    """

    def __init__(self, tell: Callable[[ToMedia], bool]) -> None:
        self._tell = tell
        self._asked: dict[int, asyncio.Future[OfferTaken]] = {}
        self._requests = count(1)

    async def ask(self, offer: Callable[[int], ToMedia]) -> OfferAnswer:
        """Hand on an offer under the number that it is given.

        Raises:
            OfferRefused, CodecMissing: it cannot be taken.
            MediaAway: there is no process, or no answer.
        """
        request = next(self._requests)
        asked = self._asked[request] = asyncio.get_running_loop().create_future()
        try:
            if not self._tell(offer(request)):
                raise MediaAway
            async with asyncio.timeout(ANSWER_WITHIN_S):
                taken = await asked
        except TimeoutError as error:
            raise MediaAway from error
        finally:
            del self._asked[request]
        if taken.problem:
            raise CodecMissing(problem=taken.problem) if taken.is_codec else OfferRefused(problem=taken.problem)
        return OfferAnswer(connection=taken.connection, sdp=taken.sdp)

    async def restart(self, room_id: RoomId, alias: Alias, session: IceSession, fragment: str) -> OfferAnswer:
        """Restart the ICE of a connection, as the other side's fragment asks.

        Raises:
            OfferRefused: it has ended.
            MediaAway: there is no process, or no answer.
        """
        answer = await self.ask(
            lambda request: RestartIce(room=room_id, alias=alias, request=request, connection=session.connection)
        )
        session.ours, session.theirs = ufrag_of(answer.sdp), ufrags_of(fragment)
        return answer

    def hear(self, taken: OfferTaken) -> None:
        """The process has answered."""
        asked = self._asked.get(taken.request)
        if asked is not None and not asked.done():
            asked.set_result(taken)


def ufrags_of(sdp: str) -> frozenset[str]:
    """The names of who speaks in an ICE session, of an offer, an answer or a fragment."""
    return frozenset(_UFRAG.findall(sdp))


def ufrag_of(answer: str) -> str | None:
    """Ours, of which there is one."""
    return next(iter(ufrags_of(answer)), None)
