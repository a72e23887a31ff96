"""The bridge to the media process: it is started here, told who may receive whom, and handed the seats' answers.

Fail-safe: the process forwards nothing between seats unless it hears from us, we send heartbeats only while the log
reader lives, and a policy that is not in force in time ends the process. A process that dies is started again, and
every seat is offered a new connection.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection
from functools import partial
from types import TracebackType
from typing import Final, Self

import structlog

from server.domain.ids import Alias, RoomId
from server.domain.media_policy import allowed_tracks, possible_tracks, recorded_tracks
from server.domain.phases import Phase
from server.domain.room_cameras import present_cameras
from server.domain.state import RoomState
from server.task_end import end_tasks
from server.web import media_words
from server.web.absences import Absences
from server.web.camera_links import CameraLinks
from server.web.drop_desk import DropDesk, Page
from server.web.drop_watch import LOOK_EVERY_S
from server.web.media_line import MediaLine, MediaSettings
from server.web.media_probes import MediaProbes
from server.web.media_rooms import MediaRooms
from server.web.media_seats import MediaSeats, Seat, Send, ToPage
from server.web.offer_desk import OfferAnswer
from server.web.recording_ears import RecordingEars, RecordingListener
from server.web.seat_board import SeatBoard
from server.web.signal_frames import MediaFailing, RoomHeard, TileView
from server.web.wall_players import Picture as WallPicture
from server.web.wall_players import WallPlayers
from signaling.messages import (
    Answer,
    AskStats,
    Away,
    Connected,
    FromMedia,
    Gone,
    Heartbeat,
    Leave,
    Offer,
    PieceRecorded,
    PolicyInForce,
    Ready,
    RecordingFinished,
    RecordingStarted,
    RecordingStopped,
    Refused,
    Stats,
)
from signaling.messages import PicturesPaused as Paused

HEARTBEAT_S: Final = 0.5

_log = structlog.get_logger(__name__)


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
        self._rooms = MediaRooms(self._line, recording_key)
        self._listening_changed = listening_changed
        self._unsettled: asyncio.Queue[RoomId] = asyncio.Queue()
        "Rooms in which other seats than before hear the room."
        self._ears = RecordingEars(recordings)
        self._reader_silence_s = reader_silence_s
        self._seats = MediaSeats(self._unsettled.put_nowait)
        self._absences = Absences()
        self._boards: defaultdict[RoomId, SeatBoard] = defaultdict(SeatBoard)
        self.probes = MediaProbes(self._line.tell)
        self.cameras = CameraLinks(self._line.tell)
        self.walls = WallPlayers(self._line.tell, players_changed)
        self._drops = DropDesk()
        self.udp_port: int | None = None
        "The port in the offers; none while the process is away."
        self._is_failing = False

    async def __aenter__(self) -> Self:
        await self._line.__aenter__()
        self._tasks = tuple(
            asyncio.create_task(each) for each in (self._beat(), self._keep_settling(), self._keep_looking())
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await end_tasks(*self._tasks)
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
        seat = Seat(send=send, room=room, sources=possible_tracks(alias, room), hears=hears)
        self._seats.put(room_id, alias, seat, kept)
        if self._is_failing:
            send(MediaFailing(on=True))
        self._absences.end(room_id, alias)
        await self.enforce(room_id, room)
        self.restart(room_id, alias)
        if seat.paused is not None:
            send(seat.paused)
        self._boards[room_id].join(alias, send)
        self._listening_changed(room_id)

    def _join(self, room_id: RoomId, alias: Alias, seat: Seat) -> None:
        self._line.tell(media_words.join(room_id, alias, seat.room, seat.sources))
        self._show(room_id, alias, seat)

    def view(self, room_id: RoomId, alias: Alias, tiles: Collection[TileView]) -> None:
        """Send a seat its pictures as large as its page shows them."""
        seat = self._seats.get(room_id, alias)
        if seat is not None:
            seat.shown = media_words.view(room_id, alias, tiles)
            self._show(room_id, alias, seat)

    def _show(self, room_id: RoomId, alias: Alias, seat: Seat) -> None:
        if seat.shown is not None:
            self._line.tell(seat.shown)

    def serves(self, room_id: RoomId, alias: Alias, send: Send) -> bool:
        """Whether this page is the seat's; what another one says now was on its way for too long."""
        seat = self._seats.get(room_id, alias)
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
        seat = self._seats.get(room_id, alias)
        if seat is None or seat.send is not send:
            return
        self._boards[room_id].leave(alias)
        if is_lost and seat.connection is not None:
            seat.send = _to_nobody
            self._absences.begin(room_id, alias, partial(self._let_go, room_id, alias))
        else:
            await self._let_go(room_id, alias)

    async def _let_go(self, room_id: RoomId, alias: Alias) -> None:
        seat = self._seats.pop(room_id, alias)
        if seat.connection is not None:
            self._line.tell(Leave(room=room_id, alias=alias))
        await self.enforce(room_id, seat.room)
        self._listening_changed(room_id)

    def answer(self, room_id: RoomId, alias: Alias, connection: int, revision: int, sdp: str) -> None:
        """Hand on a page's answer."""
        self._line.tell(Answer(room=room_id, alias=alias, connection=connection, revision=revision, sdp=sdp))

    def restart(self, room_id: RoomId, alias: Alias) -> None:
        """Offer again, with new ICE credentials; where the connection has ended, a new one."""
        seat = self._seats.get(room_id, alias)
        if seat is None:
            return
        if seat.connection is None:
            self._join(room_id, alias, seat)
        else:
            self._line.tell(media_words.reoffer(room_id, alias, seat.room, seat.sources))

    async def hear_room(self, room_id: RoomId, alias: Alias, *, on: bool) -> None:
        """Send a seat the room's sound from now on, or none of it; its page is told once that is in force."""
        seat = self._seats.get(room_id, alias)
        if seat is None:
            return
        seat.hears = on
        await self.enforce(room_id, seat.room)
        self._listening_changed(room_id)
        seat.send(RoomHeard(on=on))

    def listening(self, room_id: RoomId) -> frozenset[Alias]:
        """The seats that the room's sound reaches now, at pages that play it."""
        return self._seats.listening(room_id)

    def board(self, room_id: RoomId) -> SeatBoard:
        """What the seats of a room have switched."""
        return self._boards[room_id]

    # -- policy --------------------------------------------------------------------------------------------------

    async def enforce(self, room_id: RoomId, room: RoomState) -> None:
        """Have the policy of this state in force; on return no packet flows that it forbids."""
        if not self._seats.of(room_id) and room_id not in self._rooms:
            return
        self._widen(room_id, room)
        self.cameras.keep(room_id, () if room.phase is Phase.CLOSED else present_cameras(room))
        self.walls.keep(room_id, room)
        listening = self.listening(room_id)
        allowed = allowed_tracks(room, listening, self._seats.deaf(room_id))
        self._boards[room_id].allow(frozenset((source, listener) for source, listener, _ in allowed))
        allowed |= self.walls.allowed(room_id, room, listening)
        self._rooms.open(room_id)
        await self._rooms.set_policy(room_id, allowed, recorded_tracks(room))
        if room.phase is Phase.CLOSED:
            self._part_with(room_id)

    def _part_with(self, room_id: RoomId) -> None:
        """Forget a room that is over, once nobody sits in it any more."""
        if self._seats.of(room_id) or room_id not in self._rooms:
            return
        self._rooms.close(room_id)
        self._boards.pop(room_id, None)
        self._drops.forget(room_id)

    async def take_offer(self, room_id: RoomId, camera: Alias, room: RoomState, sdp: str) -> OfferAnswer:
        """Let a room camera send, even while nobody is there to see it.

        Raises:
            OfferRefused, MediaAway: see `CameraLinks.take_offer`.
        """
        self._rooms.open(room_id)
        await self.enforce(room_id, room)
        return await self.cameras.take_offer(room_id, camera, sdp)

    async def play(self, room_id: RoomId, picture: WallPicture, room: RoomState, sdp: str) -> OfferAnswer:
        """Send a player on a supervisor's wall a picture with its sound, as far as the room lets it see them.

        Raises:
            WallPassEnded, NotForWalls, TooManyPlayers, OfferRefused, CodecMissing, MediaAway: see `WallPlayers`.
        """
        self._rooms.open(room_id)
        name = self.walls.enter(room_id, picture, room, sdp)
        await self.enforce(room_id, room)
        return await self.walls.take_offer(room_id, name, room.cameras, sdp)

    async def finish_recording(self, room_id: RoomId) -> None:
        """Have all pieces of a room closed; on return they are on the disk, or waiting for it would take too long."""
        if self._rooms.finish_recording(room_id):
            await self._ears.until_finished(room_id)

    async def record_on(self, room_id: RoomId, room: RoomState) -> None:
        """Record again what the room's state asks for, after `finish_recording`."""
        if room_id in self._rooms:
            self._rooms.record_on(room_id)
            await self.enforce(room_id, room)

    def _widen(self, room_id: RoomId, room: RoomState) -> None:
        """Offer lines for seats that were planned after a page had joined: successors."""
        for alias, seat in self._seats.of(room_id):
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
            room = next((seat.room for _, seat in self._seats.of(room_id)), None)
            if room is not None:
                await self.enforce(room_id, room)
            self._listening_changed(room_id)

    async def _keep_looking(self) -> None:
        """Have the operators told of what is dropped."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            for room_id in {of_room for of_room, _, _ in self._seats.everywhere()}:
                self._line.tell(AskStats(room=room_id))

    async def _beat(self) -> None:
        while True:
            self._line.tell(Heartbeat(log_silence_s=self._reader_silence_s()))
            await asyncio.sleep(HEARTBEAT_S)

    # -- the process ---------------------------------------------------------------------------------------------

    def ended(self) -> None:
        """Nothing is recorded until another process is there."""
        self._ears.process_ended()

    def failing(self, *, on: bool) -> None:
        """Tell every page whether it waits for a process that dies again and again."""
        self._is_failing = on
        for _, _, seat in self._seats.everywhere():
            seat.send(MediaFailing(on=on))

    async def lost(self) -> None:
        """Nobody hears a room any more, and nobody need be waited for."""
        self.udp_port = None
        self.walls.begin_again()
        self._seats.lost()
        await self._rooms.lost()

    async def heard(self, message: FromMedia) -> None:
        """Pass on what it says, or act on it."""
        if self.probes.hear(message) or self.walls.hear(message) or self.cameras.hear(message):
            return
        match message:
            case Ready():
                self._begin_again(message)
            case Offer() | Connected() | Gone() | Paused():
                self._seats.pass_on(RoomId(message.room), Alias(message.alias), media_words.for_page(message))
            case Away():
                self._seats.hear_away(message)
            case PolicyInForce():
                await self._rooms.hear(message)
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
        self._rooms.begin_again()
        for room_id, alias, seat in self._seats.everywhere():
            self._join(room_id, alias, seat)
        self.probes.begin_again()
        self.cameras.begin_again()

    def _heard_stats(self, stats: Stats) -> None:
        seats = self._seats.of(RoomId(stats.room))
        if seats:
            pages: list[Page] = [(alias, seat.send) for alias, seat in seats]
            self._drops.hear(stats, seats[0][1].room, pages)


def _to_nobody(_: ToPage) -> None:
    """While a seat's page is away."""
