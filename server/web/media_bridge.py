"""The bridge to the media process: it is started here, told who may receive whom, and handed the seats' answers.

Fail-safe: the process forwards nothing between seats unless it hears from us, we send heartbeats only while the log
reader lives, and a policy that is not in force in time ends the process. A process that dies is started again, and
every seat is offered a new connection.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import Final, Self

import structlog
from msgspec import Struct

from server.domain.ids import Alias, RoomId
from server.domain.media_policy import allowed_tracks, possible_tracks, recorded_tracks
from server.domain.phases import Phase
from server.domain.recordings import MediaTrack, TrackKey
from server.domain.room_cameras import present_cameras
from server.domain.state import RoomState
from server.web import media_words
from server.web.absences import Absences
from server.web.camera_links import CameraLinks
from server.web.drop_desk import DropDesk, Page
from server.web.drop_watch import LOOK_EVERY_S
from server.web.media_line import MediaLine, MediaSettings
from server.web.media_probes import MediaProbes
from server.web.offer_desk import OfferAnswer
from server.web.recording_ears import RecordingEars, RecordingListener
from server.web.seat_board import SeatBoard
from server.web.signal_frames import (
    DropsSeen,
    HandLowered,
    MediaConnected,
    MediaGone,
    MediaOffer,
    PicturesPaused,
    RoomHeard,
    SeatShown,
    TileView,
)
from server.web.wall_players import Picture as WallPicture
from server.web.wall_players import WallPlayers
from signaling.messages import (
    Answer,
    AskStats,
    Away,
    CloseRoom,
    Connected,
    FinishRecording,
    FromMedia,
    Gone,
    Heartbeat,
    Leave,
    Offer,
    OpenRoom,
    PieceRecorded,
    PolicyInForce,
    Ready,
    RecordingFinished,
    RecordingStarted,
    RecordingStopped,
    Refused,
    SetPolicy,
    SetView,
    Stats,
)
from signaling.messages import PicturesPaused as Paused

HEARTBEAT_S: Final = 0.5
READER_SILENCE_S: Final = 2.0
"A log reader that has been silent for so long is no proof that the policy is of today."
IN_FORCE_WITHIN_S: Final = 2.0

ToPage = MediaOffer | MediaConnected | MediaGone | PicturesPaused | SeatShown | HandLowered | RoomHeard | DropsSeen
Send = Callable[[ToPage], None]
"Passes a frame to a seat's page."

_log = structlog.get_logger(__name__)


class _Seat(Struct):
    """A seat that wants media."""

    send: Send
    room: RoomState
    sources: tuple[TrackKey, ...]
    shown: SetView | None = None
    "What its page shows; none before it has said so."
    connection: int | None = None
    "The one that the last offer named; none before it and after its end."
    is_reached: bool = False
    "Its connection stands, so that sound and pictures reach it."
    hears: bool = True
    "Its page plays the room's sound; else none is sent to it."


class _Room(Struct):
    """What the process was last told of a room."""

    opening: OpenRoom
    version: int = 0
    allowed: frozenset[tuple[Alias, Alias, MediaTrack]] | None = None
    recorded: frozenset[TrackKey] = frozenset()
    is_finished: bool = False
    "Nothing more is to be recorded, whatever the room's state says: it is about to be closed."

    def policy(self, room_id: RoomId) -> SetPolicy:
        """The same as a message."""
        return media_words.policy(room_id, self.version, self.allowed or (), self.recorded)


class MediaBridge:
    """Runs the media process while it is entered.

    Args:
        settings: where the process listens.
        reader_silence_s: how long the log has not been heard.
        recordings: is told what is recorded and what is not.
        recording_key: gives what the recordings of a live room are sealed with.
        listening_changed: is told in which room other seats than before hear the room.
        players_changed: is told in which room other players than before are on supervisors' walls.
    """

    def __init__(
        self,
        settings: MediaSettings,
        reader_silence_s: Callable[[], float],
        recordings: RecordingListener,
        recording_key: Callable[[RoomId], bytes | None],
        listening_changed: Callable[[RoomId], None],
        players_changed: Callable[[RoomId], None],
    ) -> None:
        self._line = MediaLine(settings, self)
        self._listening_changed = listening_changed
        self._unsettled: asyncio.Queue[RoomId] = asyncio.Queue()
        "Rooms in which other seats than before hear the room."
        self._ears = RecordingEars(recordings)
        self._recording_key = recording_key
        self._reader_silence_s = reader_silence_s
        self._seats: dict[tuple[RoomId, Alias], _Seat] = {}
        self._absences = Absences()
        self._rooms: dict[RoomId, _Room] = {}
        self._boards: defaultdict[RoomId, SeatBoard] = defaultdict(SeatBoard)
        self._in_force: dict[RoomId, int] = {}
        self._changed = asyncio.Condition()
        self.probes = MediaProbes(self._line.tell)
        self.cameras = CameraLinks(self._line.tell)
        self.walls = WallPlayers(self._line.tell, players_changed)
        self._drops = DropDesk()
        self.udp_port: int | None = None
        "The port in the offers; none while the process is away."

    async def __aenter__(self) -> Self:
        await self._line.__aenter__()
        self._tasks = tuple(
            asyncio.create_task(each) for each in (self._beat(), self._keep_settling(), self._keep_looking())
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        await self._absences.close()
        await self._line.__aexit__(kind, error, trace)

    @property
    def pid(self) -> int | None:
        """The process that is connected now."""
        return self._line.pid

    @property
    def is_up(self) -> bool:
        """Whether there is a process, which has taken its port."""
        return self.udp_port is not None

    # -- seats ---------------------------------------------------------------------------------------------------

    async def connect(
        self,
        room_id: RoomId,
        alias: Alias,
        room: RoomState,
        send: Send,
        *,
        hears: bool = True,
        kept: int | None = None,
    ) -> None:
        """Offer a seat media, in place of an earlier page of the same alias.

        Args:
            room_id: where it sits.
            alias: its name there.
            room: the room's state.
            send: passes frames to its page.
            hears: whether its page plays the sound.
            kept: the connection that the page has already; if it stands, it is only led over the network as it is now.
        """
        before = self._seats.get((room_id, alias))
        seat = _Seat(send=send, room=room, sources=possible_tracks(alias, room), hears=hears)
        if before is not None and kept is not None and before.connection == kept:
            seat.connection, seat.is_reached, seat.shown = kept, before.is_reached, before.shown
        self._seats[room_id, alias] = seat
        self._absences.end(room_id, alias)
        await self.enforce(room_id, room)
        self.restart(room_id, alias)
        self._boards[room_id].join(alias, send)
        self._listening_changed(room_id)

    def _join(self, room_id: RoomId, alias: Alias, seat: _Seat) -> None:
        self._line.tell(media_words.join(room_id, alias, seat.room, seat.sources))
        self._show(room_id, alias, seat)

    def view(self, room_id: RoomId, alias: Alias, tiles: Collection[TileView]) -> None:
        """Send a seat its pictures as large as its page shows them."""
        seat = self._seats.get((room_id, alias))
        if seat is not None:
            seat.shown = media_words.view(room_id, alias, tiles)
            self._show(room_id, alias, seat)

    def _show(self, room_id: RoomId, alias: Alias, seat: _Seat) -> None:
        if seat.shown is not None:
            self._line.tell(seat.shown)

    def serves(self, room_id: RoomId, alias: Alias, send: Send) -> bool:
        """Whether this page is the seat's; what another one says now was on its way for too long."""
        seat = self._seats.get((room_id, alias))
        return seat is not None and seat.send is send

    async def disconnect(self, room_id: RoomId, alias: Alias, send: Send, *, is_lost: bool = False) -> None:
        """End a seat's media, unless another page has taken its place.

        Args:
            room_id: where it sits.
            alias: its name there.
            send: what its page was connected with.
            is_lost: the page did not take leave. Sound and pictures, which have a way of their own, go on as far as
                they come, until the page has been away for too long.
        """
        if not self.serves(room_id, alias, send):
            return
        self._boards[room_id].leave(alias)
        seat = self._seats[room_id, alias]
        if is_lost and seat.connection is not None:
            seat.send = _to_nobody
            self._absences.begin(room_id, alias, partial(self._let_go, room_id, alias))
        else:
            await self._let_go(room_id, alias)

    async def _let_go(self, room_id: RoomId, alias: Alias) -> None:
        seat = self._seats.pop((room_id, alias))
        if seat.connection is not None:
            self._line.tell(Leave(room=room_id, alias=alias))
        await self.enforce(room_id, seat.room)
        self._listening_changed(room_id)

    def answer(self, room_id: RoomId, alias: Alias, connection: int, revision: int, sdp: str) -> None:
        """Hand on a page's answer."""
        self._line.tell(Answer(room=room_id, alias=alias, connection=connection, revision=revision, sdp=sdp))

    def restart(self, room_id: RoomId, alias: Alias) -> None:
        """Offer again, with new ICE credentials; where the connection has ended, a new one."""
        seat = self._seats.get((room_id, alias))
        if seat is None:
            return
        if seat.connection is None:
            self._join(room_id, alias, seat)
        else:
            self._line.tell(media_words.reoffer(room_id, alias, seat.room, seat.sources))

    async def hear_room(self, room_id: RoomId, alias: Alias, *, on: bool) -> None:
        """Send a seat the room's sound from now on, or none of it; its page is told once that is in force."""
        seat = self._seats.get((room_id, alias))
        if seat is None:
            return
        seat.hears = on
        await self.enforce(room_id, seat.room)
        self._listening_changed(room_id)
        seat.send(RoomHeard(on=on))

    def listening(self, room_id: RoomId) -> frozenset[Alias]:
        """The seats that the room's sound reaches now, at pages that play it."""
        return frozenset(alias for alias, seat in self._seats_of(room_id) if seat.is_reached and seat.hears)

    def _seats_of(self, room_id: RoomId) -> list[tuple[Alias, _Seat]]:
        return [(alias, seat) for (of_room, alias), seat in self._seats.items() if of_room == room_id]

    def board(self, room_id: RoomId) -> SeatBoard:
        """What the seats of a room have switched."""
        return self._boards[room_id]

    # -- policy --------------------------------------------------------------------------------------------------

    async def enforce(self, room_id: RoomId, room: RoomState) -> None:
        """Have the policy of this state in force; on return no packet flows that it forbids."""
        connected = self._seats_of(room_id)
        if not connected and room_id not in self._rooms:
            return
        self._widen(room_id, room)
        self.cameras.keep(room_id, () if room.phase is Phase.CLOSED else present_cameras(room))
        self.walls.keep(room_id, room)
        listening = self.listening(room_id)
        deaf = frozenset(alias for alias, seat in connected if not seat.hears)
        allowed = allowed_tracks(room, listening, deaf)
        self._boards[room_id].allow(frozenset((source, listener) for source, listener, _ in allowed))
        allowed |= self.walls.allowed(room_id, room, listening)
        known = self._opened(room_id)
        recorded = frozenset() if known.is_finished else recorded_tracks(room)
        if (known.allowed, known.recorded) != (allowed, recorded):
            known.version += 1
            known.allowed, known.recorded = allowed, recorded
            version = known.version
            if self._line.tell(known.policy(room_id)):
                await self._until_in_force(room_id, version)
        if room.phase is Phase.CLOSED:
            self._part_with(room_id)

    def _part_with(self, room_id: RoomId) -> None:
        """Forget a room that is over, once nobody sits in it any more."""
        if self._seats_of(room_id) or self._rooms.pop(room_id, None) is None:
            return
        self._line.tell(CloseRoom(room=room_id))
        self._boards.pop(room_id, None)
        self._in_force.pop(room_id, None)
        self._drops.forget(room_id)

    def _opened(self, room_id: RoomId) -> _Room:
        """What the process knows of a room, which is opened now if it knows nothing."""
        if room_id not in self._rooms:
            opening = OpenRoom(room=room_id, recording_key=self._recording_key(room_id))
            self._rooms[room_id] = _Room(opening)
            self._line.tell(opening)
        return self._rooms[room_id]

    async def take_offer(self, room_id: RoomId, camera: Alias, room: RoomState, sdp: str) -> OfferAnswer:
        """Let a room camera send, even while nobody is there to see it.

        Raises:
            OfferRefused, MediaAway: see `CameraLinks.take_offer`.
        """
        self._opened(room_id)
        await self.enforce(room_id, room)
        return await self.cameras.take_offer(room_id, camera, sdp)

    async def play(self, room_id: RoomId, picture: WallPicture, room: RoomState, sdp: str) -> OfferAnswer:
        """Send a player on a supervisor's wall a picture with its sound, as far as the room lets it see them.

        Raises:
            WallPassEnded, NotForWalls, TooManyPlayers, OfferRefused, CodecMissing, MediaAway: see `WallPlayers`.
        """
        self._opened(room_id)
        name = self.walls.enter(room_id, picture, room, sdp)
        await self.enforce(room_id, room)
        return await self.walls.take_offer(room_id, name, room.cameras, sdp)

    async def finish_recording(self, room_id: RoomId) -> None:
        """Have all pieces of a room closed; on return they are on the disk, or waiting for it would take too long."""
        known = self._rooms.get(room_id)
        if known is None or known.is_finished:
            return
        known.is_finished, known.recorded = True, frozenset()
        if self._line.tell(FinishRecording(room=room_id)):
            await self._ears.until_finished(room_id)

    async def record_on(self, room_id: RoomId, room: RoomState) -> None:
        """Record again what the room's state asks for, after `finish_recording`."""
        if room_id in self._rooms:
            self._rooms[room_id].is_finished = False
            await self.enforce(room_id, room)

    def _widen(self, room_id: RoomId, room: RoomState) -> None:
        """Offer lines for seats that were planned after a page had joined: successors."""
        for alias, seat in self._seats_of(room_id):
            seat.room = room
            sources = possible_tracks(alias, room)
            if sources != seat.sources:
                seat.sources = sources
                if seat.connection is not None:
                    self._line.tell(media_words.reoffer(room_id, alias, seat.room, seat.sources))

    async def _keep_settling(self) -> None:
        """Have the policy follow who hears the room."""
        while True:
            room_id = await self._unsettled.get()
            room = next((seat.room for _, seat in self._seats_of(room_id)), None)
            if room is not None:
                await self.enforce(room_id, room)
            self._listening_changed(room_id)

    async def _keep_looking(self) -> None:
        """Have the operators told of what is dropped."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            for room_id in {of_room for of_room, _ in self._seats}:
                self._line.tell(AskStats(room=room_id))

    async def _until_in_force(self, room_id: RoomId, version: int) -> None:
        def settled() -> bool:
            return not self._line.is_up or self._in_force.get(room_id, 0) >= version

        try:
            async with asyncio.timeout(IN_FORCE_WITHIN_S), self._changed:
                await self._changed.wait_for(settled)
        except TimeoutError:
            _log.error("media_policy_not_in_force", room=room_id, version=version)
            await self._line.kill()

    async def _beat(self) -> None:
        while True:
            if self._reader_silence_s() < READER_SILENCE_S:
                self._line.tell(Heartbeat())
            await asyncio.sleep(HEARTBEAT_S)

    # -- the process ---------------------------------------------------------------------------------------------

    def ended(self) -> None:
        """Nothing is recorded until another process is there."""
        self._ears.process_ended()

    async def lost(self) -> None:
        """Nobody hears a room any more, and nobody need be waited for."""
        self.udp_port = None
        self.walls.begin_again()
        for (room_id, _), seat in self._seats.items():
            self._note_reach(room_id, seat, is_reached=False)
        async with self._changed:
            self._changed.notify_all()

    async def heard(self, message: FromMedia) -> None:
        """Pass on what it says, or act on it."""
        if self.probes.hear(message) or self.walls.hear(message) or self.cameras.hear(message):
            return
        match message:
            case Ready():
                self._begin_again(message)
            case Offer() | Connected() | Gone() | Paused():
                self._pass_on(message.room, message.alias, media_words.for_page(message))
            case Away():
                self._heard_away(message)
            case PolicyInForce():
                self._in_force[RoomId(message.room)] = message.version
                async with self._changed:
                    self._changed.notify_all()
            case RecordingStarted() | RecordingStopped() | PieceRecorded() | RecordingFinished():
                self._ears.hear(message)
            case Refused(code="stale_answer"):
                pass  # the next offer was on its way already, and is answered as well
            case Refused():
                _log.warning("media_refused", code=message.code, about=message.about, room=message.room)
            case Stats():
                self._heard_stats(message)

    def _begin_again(self, ready: Ready) -> None:
        """Tell a fresh process everything: rooms, policies, seats."""
        self.udp_port = ready.udp_port
        self._in_force.clear()
        for room_id, known in self._rooms.items():
            self._line.tell(known.opening)
            self._line.tell(known.policy(room_id))
        for (room_id, alias), seat in self._seats.items():
            self._join(room_id, alias, seat)
        self.probes.begin_again()
        self.cameras.begin_again()

    def _pass_on(self, room: str, alias: str, message: ToPage) -> None:
        seat = self._seats.get((RoomId(room), Alias(alias)))
        if seat is None:
            return
        if isinstance(message, MediaOffer):
            seat.connection = message.connection
        elif isinstance(message, MediaGone) and seat.connection == message.connection:
            seat.connection = None
            self._note_reach(RoomId(room), seat, is_reached=False)
        elif isinstance(message, MediaConnected) and seat.connection == message.connection:
            self._note_reach(RoomId(room), seat, is_reached=True)
        seat.send(message)

    def _heard_away(self, away: Away) -> None:
        room_id = RoomId(away.room)
        seat = self._seats.get((room_id, Alias(away.alias)))
        if seat is not None and seat.connection == away.connection:
            self._note_reach(room_id, seat, is_reached=False)

    def _heard_stats(self, stats: Stats) -> None:
        seats = self._seats_of(RoomId(stats.room))
        if seats:
            pages: list[Page] = [(alias, seat.send) for alias, seat in seats]
            self._drops.hear(stats, seats[0][1].room, pages)

    def _note_reach(self, room_id: RoomId, seat: _Seat, *, is_reached: bool) -> None:
        if seat.is_reached != is_reached:
            seat.is_reached = is_reached
            self._unsettled.put_nowait(room_id)


def _to_nobody(_: ToPage) -> None:
    """While a seat's page is away."""
