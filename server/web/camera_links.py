"""The connections of room cameras to the media process: their offers in, our answers out, and their end.

A camera is no seat: nobody looks at its page, and it negotiates once. Where the media process ends, its connections
end with it, and encoders come back by themselves.
"""

from collections.abc import Callable, Collection

from server.domain.ids import Alias, RoomId
from server.web.offer_desk import IceSession, OfferAnswer, OfferDesk, OfferRefused, ufrag_of, ufrags_of
from signaling.messages import Away, Connected, FromMedia, Gone, Leave, OfferTaken, TakeOffer, ToMedia


class CameraLinks:
    """Of all rooms.

    Args:
        tell: sends a message to the media process; false while there is none.
    """

    def __init__(self, tell: Callable[[ToMedia], bool]) -> None:
        self._tell = tell
        self._sessions: dict[tuple[RoomId, Alias], IceSession] = {}
        self._desk = OfferDesk(tell)

    async def take_offer(self, room_id: RoomId, camera: Alias, sdp: str) -> OfferAnswer:
        """Hand an offer to the media process, in which the room must be open; an earlier connection ends.

        Raises:
            OfferRefused: it cannot be taken.
            MediaAway: there is no process, or no answer.
        """
        answer = await self._desk.ask(lambda request: TakeOffer(room=room_id, alias=camera, request=request, sdp=sdp))
        session = self.find(room_id, camera, answer.connection)
        if session is not None:
            session.theirs = ufrags_of(sdp)
        return answer

    async def restart(self, room_id: RoomId, camera: Alias, fragment: str) -> OfferAnswer:
        """Lead a camera's connection over another network.

        Raises:
            OfferRefused, MediaAway: see `OfferDesk.restart`.
        """
        session = self._sessions.get((room_id, camera))
        if session is None:
            raise OfferRefused(problem="The connection has ended.")
        return await self._desk.restart(room_id, camera, session, fragment)

    def find(self, room_id: RoomId, camera: Alias, connection: int) -> IceSession | None:
        """The camera's session, if this is its connection now."""
        session = self._sessions.get((room_id, camera))
        return session if session is not None and session.connection == connection else None

    def is_present(self, room_id: RoomId, camera: Alias, connection: int) -> bool:
        """Whether this is the camera's connection now."""
        return self.find(room_id, camera, connection) is not None

    def end(self, room_id: RoomId, camera: Alias) -> None:
        """End a camera's connection, if it has one."""
        if self._sessions.pop((room_id, camera), None) is not None:
            self._tell(Leave(room=room_id, alias=camera))

    def keep(self, room_id: RoomId, cameras: Collection[Alias]) -> None:
        """End the connections of a room's cameras that are not among these."""
        for of_room, camera in list(self._sessions):
            if of_room == room_id and camera not in cameras:
                self.end(room_id, camera)

    def begin_again(self) -> None:
        """There is a fresh media process."""
        self._sessions.clear()

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
        room_id, camera = RoomId(message.room), Alias(message.alias)
        if not message.problem and not self.is_present(room_id, camera, message.connection):
            session = IceSession(connection=message.connection, ours=ufrag_of(message.sdp))
            self._sessions[room_id, camera] = session
        self._desk.hear(message)

    def _hear_of(self, room_id: RoomId, camera: Alias, message: Gone | Away | Connected) -> bool:
        if not self.is_present(room_id, camera, message.connection):
            return False
        if isinstance(message, Gone):
            del self._sessions[room_id, camera]
        return True
