"""The players on supervisors' walls: their offers in, our answers out, what each may be sent, and their end.

A player is no seat: the room does not know it, it counts as no listener, and it negotiates once. In the media process
it goes by a name of its own, which no seat can have and which never comes again; the policy names it like a listener.
Where the media process ends, its players end with it, and come back by themselves.
"""

import secrets
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import ClassVar, Final

import structlog
from msgspec import Struct

from server.domain.errors import Rejection
from server.domain.events import WallPlayerCame
from server.domain.ids import Alias, RoomId, WallId
from server.domain.recordings import MediaTrack, TrackKey
from server.domain.state import RoomState
from server.domain.wall_policy import flowing_tracks, open_walls, shown_tracks
from server.web import media_words
from server.web.offer_desk import IceSession, MediaAway, OfferAnswer, OfferDesk, OfferRefused, ufrag_of, ufrags_of
from signaling.messages import Away, Connected, FromMedia, Gone, Leave, OfferTaken, TakePlayer, ToMedia

MOST_PLAYERS: Final = 40
"Of a room at a time: every seat, room camera and screen of a large one."
PREFIX: Final = "wall-"
"Of the names of players: no seat's begins so."

_log = structlog.get_logger(__name__)


class WallPassEnded(Rejection):
    """It was good until then."""

    code: ClassVar[str] = "wall_pass_ended"
    sentence: ClassVar[str] = "This pass has been withdrawn; a supervisor of the room gives a new one."


class NotForWalls(Rejection):
    """The pass does not cover it."""

    code: ClassVar[str] = "not_for_walls"
    sentence: ClassVar[str] = "There is no {kind} of {alias} that this pass may show."


class TooManyPlayers(Rejection):
    """As many as the room's pictures need are there already."""

    code: ClassVar[str] = "too_many_players"
    sentence: ClassVar[str] = "{limit} players are connected to this room; end one of them first."


class Picture(Struct, frozen=True, kw_only=True):
    """What a player asks for."""

    wall: WallId
    "The pass under which it asks."
    alias: Alias
    kind: MediaTrack


class WallPlayer(Struct, kw_only=True):
    """One of them."""

    picture: Picture
    tracks: tuple[TrackKey, ...]
    theirs: frozenset[str]
    "Its names in the ICE session, before its answer."
    session: IceSession | None = None
    "None before its answer."
    is_reached: bool = False
    "Its connection stands."


class WallPlayers:
    """Of all rooms.

    Args:
        tell: sends a message to the media process; false while there is none.
        changed: is told in which room other players than before are reached.
        draw: gives so many random characters, two for each byte.
    """

    def __init__(
        self,
        tell: Callable[[ToMedia], bool],
        changed: Callable[[RoomId], None],
        draw: Callable[[int], str] = secrets.token_hex,
    ) -> None:
        self._tell = tell
        self._changed = changed
        self._draw = draw
        self._desk = OfferDesk(tell)
        self._players: dict[tuple[RoomId, Alias], WallPlayer] = {}

    def enter(self, room_id: RoomId, picture: Picture, room: RoomState, sdp: str) -> Alias:
        """Take note of a player before its offer is handed on, so that the policy knows it; gives its name.

        Raises:
            WallPassEnded: there is no such pass any more.
            NotForWalls: the pass does not cover what it asks for.
            TooManyPlayers: there are enough.
        """
        wall = open_walls(room).get(picture.wall)
        if wall is None:
            raise WallPassEnded
        tracks = shown_tracks(wall, picture.alias, picture.kind, room)
        if not tracks:
            raise NotForWalls(alias=picture.alias, kind=picture.kind)
        if len(list(self._of_room(room_id))) >= MOST_PLAYERS:
            raise TooManyPlayers(limit=MOST_PLAYERS)
        name = Alias(PREFIX + self._draw(5))
        self._players[room_id, name] = WallPlayer(picture=picture, tracks=tracks, theirs=ufrags_of(sdp))
        return name

    async def take_offer(self, room_id: RoomId, name: Alias, cameras: Collection[Alias], sdp: str) -> OfferAnswer:
        """Hand on the offer of a player that has entered.

        Raises:
            WallPassEnded: that has happened meanwhile.
            OfferRefused, CodecMissing, MediaAway: see `OfferDesk.ask`; the player is forgotten.
        """
        player = self._players.get((room_id, name))
        if player is None:
            raise WallPassEnded
        tracks, rooms_own = media_words.names(player.tracks), [str(camera) for camera in cameras]
        try:
            answer = await self._desk.ask(
                lambda request: TakePlayer(
                    room=room_id, alias=name, request=request, sdp=sdp, tracks=tracks, cameras=rooms_own
                )
            )
        except MediaAway:
            self._end(room_id, name)
            raise
        except Rejection:
            self._players.pop((room_id, name), None)
            raise
        if (room_id, name) not in self._players:
            raise WallPassEnded
        return answer

    async def restart(self, room_id: RoomId, connection: int, fragment: str) -> OfferAnswer:
        """Lead a player's connection over another network.

        Raises:
            OfferRefused, MediaAway: see `OfferDesk.restart`.
        """
        for name, player in self._of_room(room_id):
            if player.session is not None and player.session.connection == connection:
                return await self._desk.restart(room_id, name, player.session, fragment)
        raise OfferRefused(problem="The connection has ended.")

    def find(self, room_id: RoomId, wall: WallId, connection: int) -> IceSession | None:
        """The session of the player with this connection, if it came under this pass."""
        found = (player.session for _, player in self._of_room(room_id) if player.picture.wall == wall)
        return next((each for each in found if each is not None and each.connection == connection), None)

    def end(self, room_id: RoomId, connection: int) -> None:
        """End a player's connection."""
        for name, player in list(self._of_room(room_id)):
            if player.session is not None and player.session.connection == connection:
                self._end(room_id, name)

    def allowed(
        self, room_id: RoomId, room: RoomState, listening: Collection[Alias]
    ) -> frozenset[tuple[Alias, Alias, MediaTrack]]:
        """Every (source, player, track) that may flow now."""
        players = {name: player for name, player in self._of_room(room_id) if player.picture.wall in room.walls}
        walls = {player.picture.wall: room.walls[player.picture.wall] for player in players.values()}
        flowing = flowing_tracks(walls.values(), room, listening)
        return frozenset(
            (track[0], name, track[1])
            for name, player in players.items()
            for track in player.tracks
            if track in flowing.get(walls[player.picture.wall].by, ())
        )

    def keep(self, room_id: RoomId, room: RoomState) -> None:
        """End the players of passes that have ended, and of pictures that no pass covers any more."""
        walls = open_walls(room)
        for name, player in list(self._of_room(room_id)):
            picture = player.picture
            wall = walls.get(picture.wall)
            if wall is None or not shown_tracks(wall, picture.alias, picture.kind, room):
                self._end(room_id, name)

    def present(self, room_id: RoomId) -> Mapping[str, WallPlayerCame]:
        """The players that are reached, by name, each as the record is to tell it."""
        return {
            name: WallPlayerCame(wall=of.wall, player=name, alias=of.alias, kind=of.kind)
            for name, of in ((name, player.picture) for name, player in self._of_room(room_id) if player.is_reached)
        }

    def begin_again(self) -> None:
        """There is a fresh media process."""
        rooms = {room_id for room_id, _ in self._players}
        self._players.clear()
        for room_id in rooms:
            self._changed(room_id)

    def hear(self, message: FromMedia) -> bool:
        """Take what the process says, if it is about a player."""
        if not isinstance(message, OfferTaken | Gone | Away | Connected):
            return False
        room_id, name = RoomId(message.room), Alias(message.alias)
        if not name.startswith(PREFIX):
            return False
        if isinstance(message, OfferTaken):
            self._desk.hear(message)
        player = self._players.get((room_id, name))
        if player is not None:
            self._hear_of(room_id, name, player, message)
        return True

    def _hear_of(
        self, room_id: RoomId, name: Alias, player: WallPlayer, message: OfferTaken | Gone | Away | Connected
    ) -> None:
        match message:
            case OfferTaken():
                player.session = player.session or _session_of(player, message)
            case Gone():
                picture = player.picture
                _log.info("wall_player_gone", room=room_id, player=name, alias=picture.alias, reason=message.reason)
                del self._players[room_id, name]
                self._changed(room_id)
            case Away() | Connected():
                player.is_reached = isinstance(message, Connected)
                self._changed(room_id)

    def _of_room(self, room_id: RoomId) -> Iterator[tuple[Alias, WallPlayer]]:
        return ((name, player) for (of_room, name), player in self._players.items() if of_room == room_id)

    def _end(self, room_id: RoomId, name: Alias) -> None:
        if self._players.pop((room_id, name), None) is not None:
            self._tell(Leave(room=room_id, alias=name))
            self._changed(room_id)


def _session_of(player: WallPlayer, taken: OfferTaken) -> IceSession:
    return IceSession(connection=taken.connection, ours=ufrag_of(taken.sdp), theirs=player.theirs)
