"""A media plane with scripted seats on 127.0.0.1, as the server would drive it: real sockets, real DTLS, real time."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import TypeVar

from signaling.datagram_batches import bind_udp
from signaling.media_plane import MediaPlane
from signaling.messages import (
    KINDS,
    Answer,
    AskStats,
    Connected,
    FromMedia,
    Heartbeat,
    Join,
    Offer,
    OpenRoom,
    PolicyInForce,
    SetPolicy,
    Stats,
    ToMedia,
    Track,
)
from signaling.scripted.clip import Clip, clips, load
from signaling.scripted.scripted_peer import ScriptedPeer
from tests.support.bad_line import BadLine
from tests.support.lossy_link import LossyLink
from tests.support.patience import until
from tests.support.recorded import RECORDING_KEY

ROOM = "room-1"
HEARTBEAT_S = 0.25

FILMS = [load(path) for path in clips()]

M = TypeVar("M", bound=FromMedia)
AnswerOffer = Callable[[str], Awaitable[str]]


def everything(*aliases: str, tracks: Iterable[Track] = KINDS) -> list[tuple[str, str, Track]]:
    """The policy under which all hear and see all."""
    return [(source, listener, track) for source in aliases for listener in aliases for track in tracks]


def cameras(*aliases: str) -> list[tuple[str, Track]]:
    """Pictures and sound of these seats."""
    return [(alias, track) for alias in aliases for track in KINDS]


class Conversation:
    """The server's half of the control protocol, whatever carries it.

    Args:
        say: takes a message to the media process.
    """

    def __init__(self, say: Callable[[ToMedia], None]) -> None:
        self.heard: list[FromMedia] = []
        self.say = say
        self.seats: dict[str, AnswerOffer] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._version = 0
        self._beating = asyncio.create_task(self._beat())

    def hear(self, message: FromMedia) -> None:
        """Take a message of the media process; an offer goes to the seat."""
        self.heard.append(message)
        if isinstance(message, Offer):
            task = asyncio.create_task(self._answer(message))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _answer(self, offer: Offer) -> None:
        sdp = await self.seats[offer.alias](offer.sdp)
        self.say(
            Answer(room=offer.room, alias=offer.alias, connection=offer.connection, revision=offer.revision, sdp=sdp)
        )

    async def _beat(self) -> None:
        while True:
            self.say(Heartbeat(log_silence_s=0.0))
            await asyncio.sleep(HEARTBEAT_S)

    def stop_heartbeat(self) -> None:
        """Fall silent."""
        self._beating.cancel()

    def every(self, kind: type[M]) -> list[M]:
        """The messages of one type so far."""
        return [message for message in self.heard if isinstance(message, kind)]

    async def join(
        self,
        alias: str,
        answer: AnswerOffer,
        sources: Iterable[str],
        publishes: Iterable[Track] = KINDS,
        room: str = ROOM,
        room_cameras: Iterable[str] = (),
    ) -> None:
        """Seat someone and wait until the connection stands."""
        before = len(self.every(Connected))
        self.seats[alias] = answer
        self.say(
            Join(
                room=room, alias=alias, publishes=list(publishes), sources=cameras(*sources), cameras=list(room_cameras)
            )
        )
        await until(lambda: any(m.alias == alias for m in self.every(Connected)[before:]))

    async def set_policy(
        self,
        allowed: Iterable[tuple[str, str, Track]],
        recorded: Iterable[tuple[str, Track]] = (),
        *,
        room: str = ROOM,
    ) -> None:
        """Set a policy and wait until it is in force."""
        self._version += 1
        self.say(SetPolicy(room=room, version=self._version, allowed=list(allowed), recorded=list(recorded)))
        await until(lambda: any(m.version == self._version for m in self.every(PolicyInForce)))

    async def close(self) -> None:
        """Stop speaking."""
        self.stop_heartbeat()
        await asyncio.gather(*self._tasks)


class MediaWorld:
    """One media plane in this process, with one open room.

    Args:
        recordings: the folder in which it records; none records nothing.
        bind: where its port listens.
        address: of ours under which the seats are told to reach it.
    """

    def __init__(self, recordings: Path | None = None, *, bind: str = "127.0.0.1", address: str = "127.0.0.1") -> None:
        self.recordings = recordings
        self.seats: dict[str, ScriptedPeer] = {}
        self.links: dict[str, LossyLink] = {}
        "Aliases that sit behind a bad link."
        self.lines: dict[str, BadLine] = {}
        "Aliases that sit behind a bad line."
        self.server = Conversation(lambda message: self.plane.handle(message))
        self.plane = MediaPlane(bind_udp(bind, 0), (address,), self.server.hear, recordings)
        self.server.say(OpenRoom(room=ROOM, recording_key=RECORDING_KEY))

    async def seat(
        self, *aliases: str, among: Iterable[str] = (), film: Clip | None = None, room_cameras: Iterable[str] = ()
    ) -> None:
        """Let scripted seats join; each may see `among` and the room cameras, or else all of these."""
        joining = []
        for alias in aliases:
            self.seats[alias] = ScriptedPeer(film or FILMS[len(self.seats) % len(FILMS)], tells_arrivals=True)
            sources = [*(list(among) or aliases), *room_cameras]
            joining.append(self.server.join(alias, self._answering(alias), sources, room_cameras=room_cameras))
        await asyncio.gather(*joining)
        await asyncio.gather(*(self.seats[alias].connected() for alias in aliases))

    def _answering(self, alias: str) -> AnswerOffer:
        seat, link, line = self.seats[alias], self.links.get(alias), self.lines.get(alias)

        async def answer_through_the_link(offer: str) -> str:
            offered = line.through(offer) if line is not None else offer
            return await seat.answer(await link.through(offered) if link is not None else offered)

        return answer_through_the_link

    def stats(self) -> Stats:
        """The counters as they stand."""
        self.server.say(AskStats(room=ROOM))
        return self.server.every(Stats)[-1]

    def is_silent(self) -> bool:
        """Whether no route is in force."""
        return not any(route.flowing for route in self.stats().routes)

    def packets(self, listener: str, source: str, track: Track) -> int:
        """How many packets of a track a seat has received."""
        received = self.seats[listener].received.get((source, track))
        return received.packets if received is not None else 0

    async def flowing(self, listener: str, source: str, track: Track, *, more: int = 10) -> None:
        """Wait until some more packets of a track have come."""
        wanted = self.packets(listener, source, track) + more
        await until(lambda: self.packets(listener, source, track) >= wanted)

    async def close(self) -> None:
        """End the seats, then the plane."""
        await self.server.close()
        await asyncio.gather(*(seat.close() for seat in self.seats.values()))
        for link in self.links.values():
            link.close()
        for line in self.lines.values():
            line.close()
        await self.plane.close()
