"""The connections of room cameras to the media process: their offers in, our answers out, and their end.

A camera is no seat: nobody looks at its page, and it negotiates once. Where the media process ends, its connections
end with it, and encoders come back by themselves.
"""

import asyncio
from collections.abc import Callable, Collection
from itertools import count
from typing import ClassVar, Final

from msgspec import Struct

from server.domain.errors import Rejection
from server.domain.ids import Alias, RoomId
from signaling.messages import Away, Connected, FromMedia, Gone, Leave, OfferTaken, TakeOffer, ToMedia

ANSWER_WITHIN_S: Final = 3.0


class OfferRefused(Rejection):
    """What the encoder offers cannot be taken."""

    code: ClassVar[str] = "offer_refused"
    sentence: ClassVar[str] = "{problem}"


class MediaAway(Rejection):
    """The media process does not answer just now."""

    code: ClassVar[str] = "media_away"
    sentence: ClassVar[str] = "Sound and pictures are being started; try again in a moment."


class CameraAnswer(Struct, frozen=True, kw_only=True):
    """What an encoder is answered."""

    connection: int
    sdp: str


class CameraLinks:
    """Of all rooms.

    Args:
        tell: sends a message to the media process; false while there is none.
    """

    def __init__(self, tell: Callable[[ToMedia], bool]) -> None:
        self._tell = tell
        self._connections: dict[tuple[RoomId, Alias], int] = {}
        self._asked: dict[int, asyncio.Future[OfferTaken]] = {}
        self._requests = count(1)

    async def take_offer(self, room_id: RoomId, camera: Alias, sdp: str) -> CameraAnswer:
        """Hand an offer to the media process, in which the room must be open; an earlier connection ends.

        Raises:
            OfferRefused: it cannot be taken.
            MediaAway: there is no process, or no answer.
        """
        request = next(self._requests)
        asked = self._asked[request] = asyncio.get_running_loop().create_future()
        try:
            if not self._tell(TakeOffer(room=room_id, alias=camera, request=request, sdp=sdp)):
                raise MediaAway
            async with asyncio.timeout(ANSWER_WITHIN_S):
                taken = await asked
        except TimeoutError as error:
            raise MediaAway from error
        finally:
            del self._asked[request]
        if taken.problem:
            raise OfferRefused(problem=taken.problem)
        return CameraAnswer(connection=taken.connection, sdp=taken.sdp)

    def is_present(self, room_id: RoomId, camera: Alias, connection: int) -> bool:
        """Whether this is the camera's connection now."""
        return self._connections.get((room_id, camera)) == connection

    def end(self, room_id: RoomId, camera: Alias) -> None:
        """End a camera's connection, if it has one."""
        if self._connections.pop((room_id, camera), None) is not None:
            self._tell(Leave(room=room_id, alias=camera))

    def keep(self, room_id: RoomId, cameras: Collection[Alias]) -> None:
        """End the connections of a room's cameras that are not among these."""
        for of_room, camera in list(self._connections):
            if of_room == room_id and camera not in cameras:
                self.end(room_id, camera)

    def begin_again(self) -> None:
        """There is a fresh media process."""
        self._connections.clear()

    def hear(self, message: FromMedia) -> bool:
        """Take what the process says, if it is about a camera."""
        match message:
            case OfferTaken():
                self._taken(message)
                return True
            case Gone() | Away() | Connected():
                return self._hear_of(RoomId(message.room), Alias(message.alias), message)
            case _:
                return False

    def _taken(self, message: OfferTaken) -> None:
        if not message.problem:
            self._connections[RoomId(message.room), Alias(message.alias)] = message.connection
        asked = self._asked.get(message.request)
        if asked is not None and not asked.done():
            asked.set_result(message)

    def _hear_of(self, room_id: RoomId, camera: Alias, message: Gone | Away | Connected) -> bool:
        if not self.is_present(room_id, camera, message.connection):
            return False
        if isinstance(message, Gone):
            del self._connections[room_id, camera]
        return True
