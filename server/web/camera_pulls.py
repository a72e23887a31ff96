"""The room cameras that this server pulls (RTSP): a process for each, started again when it ends.

What it pulls comes in as any encoder's does: it offers, the media process answers. Where the pictures come from is kept
outside the record, sealed, until the camera is taken away or the room is closed; so it goes on after a restart.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

import msgspec
import structlog
from msgspec import Struct

from server.auth.camera_addresses import CameraSource
from server.auth.camera_passes import PassStore
from server.domain.errors import LianpingError
from server.domain.ids import Alias, RoomId
from server.domain.phases import Phase
from server.domain.room_cameras import present_cameras
from server.domain.state import RoomState
from server.web.camera_links import CameraLinks
from server.web.offer_desk import OfferAnswer
from server.web.pull_process import PullProcess, pull_process
from signaling.pulling.messages import Answered, FromPull, Lost, Offering, Pull, Standing

KEPT_S: Final = 14 * 24 * 3600
RESTART_PAUSE_S: Final = 5.0

TakeOffer = Callable[[RoomId, Alias, RoomState, str], Awaitable[OfferAnswer]]
"""Hands an offer to the media process; see `MediaBridge.take_offer`."""

_Key = tuple[RoomId, Alias]
_log = structlog.get_logger(__name__)


class PulledCamera(Struct):
    """A camera that is pulled, and how it stands with it."""

    source: CameraSource
    standing: Standing = msgspec.field(default_factory=lambda: Standing(state="connecting"))
    connection: int | None = None
    "In the media process; none before its first answer."
    pid: int | None = None


class CameraPulls:
    """Of all rooms, while it is entered.

    Args:
        store: keeps where each camera is pulled from.
        take_offer: hands an offer to the media process.
        links: knows which connections stand.
        networks: those in which cameras may stand.
    """

    def __init__(self, store: PassStore, take_offer: TakeOffer, links: CameraLinks, networks: tuple[str, ...]) -> None:
        self._store = store
        self._take_offer = take_offer
        self._links = links
        self.networks = networks
        self._rooms: dict[RoomId, RoomState] = {}
        self._pulled: dict[_Key, PulledCamera] = {}
        self._pulling: dict[_Key, asyncio.Task[None]] = {}
        self._stopping: set[asyncio.Task[None]] = set()
        "Their processes are being ended, which takes a moment."
        self._others: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in (*self._pulling.values(), *self._others):
            task.cancel()
        for task in (*self._pulling.values(), *self._others, *self._stopping):
            with suppress(asyncio.CancelledError):
                await task

    def follow(self, room_id: RoomId, room: RoomState) -> None:
        """Pull no camera that is not there any more; take up again those that were pulled before a restart."""
        is_new = room_id not in self._rooms
        self._rooms[room_id] = room
        if room.phase is Phase.CLOSED:
            del self._rooms[room_id]
        cameras = self._cameras(room_id)
        for camera in self.pulled(room_id):
            if camera not in cameras:
                self._stop((room_id, camera))
                self._later(self._store.remove(room_id, camera))
        for camera in cameras if is_new else ():
            self._later(self._resume(room_id, camera))

    async def put(self, room_id: RoomId, camera: Alias, source: CameraSource) -> None:
        """Pull a camera from here from now on.

        Raises:
            StoreUnavailable, StoreUnwritable: it could not be kept; nothing has changed.
        """
        await self._store.put(room_id, camera, msgspec.msgpack.encode(source), ttl_s=KEPT_S)
        self._start(room_id, camera, source)

    async def remove(self, room_id: RoomId, camera: Alias) -> None:
        """Pull a camera no more.

        Raises:
            StoreUnavailable, StoreUnwritable: it might be pulled again after a restart.
        """
        if (room_id, camera) in self._pulled:
            self._stop((room_id, camera))
            await self._store.remove(room_id, camera)

    def pulled(self, room_id: RoomId) -> dict[Alias, PulledCamera]:
        """The cameras of a room that are pulled."""
        return {camera: pulled for (of_room, camera), pulled in self._pulled.items() if of_room == room_id}

    def _cameras(self, room_id: RoomId) -> Collection[Alias]:
        """Those that may be pulled now."""
        return present_cameras(self._rooms[room_id]) if room_id in self._rooms else ()

    def _start(self, room_id: RoomId, camera: Alias, source: CameraSource) -> None:
        self._stop((room_id, camera))
        pulled = self._pulled[room_id, camera] = PulledCamera(source=source)
        self._pulling[room_id, camera] = asyncio.create_task(self._keep_pulling(room_id, camera, pulled))

    def _stop(self, key: _Key) -> None:
        self._pulled.pop(key, None)
        task = self._pulling.pop(key, None)
        if task is not None:
            task.cancel()
            self._stopping.add(task)
            task.add_done_callback(self._stopping.discard)

    async def _resume(self, room_id: RoomId, camera: Alias) -> None:
        kept = await self._store.get(room_id, camera)
        if kept is not None and (room_id, camera) not in self._pulled and camera in self._cameras(room_id):
            self._start(room_id, camera, msgspec.msgpack.decode(kept, type=CameraSource))

    def _later(self, work: Awaitable[None]) -> None:
        async def done() -> None:
            try:
                await work
            except LianpingError as error:
                _log.error("camera_source_not_kept", error=str(error))

        task = asyncio.create_task(done())
        self._others.add(task)
        task.add_done_callback(self._others.discard)

    async def _keep_pulling(self, room_id: RoomId, camera: Alias, pulled: PulledCamera) -> None:
        while True:
            async with pull_process() as process:
                pulled.pid = process.pid
                await self._pull(process, room_id, camera, pulled)
            _log.warning("camera_process_ended", room=room_id, camera=camera)
            pulled.standing, pulled.pid = Standing(state="interrupted"), None
            await asyncio.sleep(RESTART_PAUSE_S)

    async def _pull(self, process: PullProcess, room_id: RoomId, camera: Alias, pulled: PulledCamera) -> None:
        source = pulled.source
        process.tell(Pull(url=source.url, user=source.user, password=source.password, networks=list(self.networks)))
        async for message in process.messages():
            answer = await self._hear(message, room_id, camera, pulled)
            if answer is not None:
                process.tell(answer)

    async def _hear(
        self, message: FromPull, room_id: RoomId, camera: Alias, pulled: PulledCamera
    ) -> Answered | Lost | None:
        if isinstance(message, Offering):
            return await self._answer(message, room_id, camera, pulled)
        if message.state != pulled.standing.state:
            _log.info("camera_pulled", room=room_id, camera=camera, state=message.state, address=pulled.source.shown)
        pulled.standing = message
        if pulled.connection is not None and not self._links.is_present(room_id, camera, pulled.connection):
            pulled.connection = None
            return Lost()
        return None

    async def _answer(self, offer: Offering, room_id: RoomId, camera: Alias, pulled: PulledCamera) -> Answered:
        try:
            answer = await self._take_offer(room_id, camera, self._rooms[room_id], offer.sdp)
        except LianpingError as error:
            _log.warning("camera_offer_refused", room=room_id, camera=camera, error=str(error))
            return Answered()
        pulled.connection = answer.connection
        return Answered(sdp=answer.sdp)
