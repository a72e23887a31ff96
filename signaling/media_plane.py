"""All rooms of the process: follows the server's messages, and forwards only while the server is heard."""

import asyncio
import gc
import socket
from collections.abc import Callable
from pathlib import Path

from signaling.downlink import take_urgency
from signaling.dtls_srtp import Certificate
from signaling.host import Host, draw_ssrc
from signaling.media_room import MediaRoom
from signaling.messages import (
    PROTOCOL,
    Answer,
    AskStats,
    CloseRoom,
    FinishRecording,
    FromMedia,
    Heartbeat,
    Join,
    Leave,
    Offer,
    OpenRoom,
    Ready,
    RecordingFinished,
    RefusalCode,
    Refused,
    Reoffer,
    RestartIce,
    SetPolicy,
    SetView,
    TakeOffer,
    TakePlayer,
    ToMedia,
)
from signaling.negotiation import ALIAS, BadAnswer, lines_of
from signaling.peer import Peer
from signaling.recording.studio import Studio
from signaling.routes import policy_of
from signaling.single_offers import follow_offer
from signaling.udp_port import UdpPort

SILENCE_AFTER_S = 2.0
"Without a heartbeat; then nothing flows between members: the log may have forbidden it."
COLLECT_EVERY_S = 10.0
"While connections end: each leaves half a megabyte in a knot that only Python's collector unties."
TICK_S = 0.02
"The pace of key frame requests, repeats and reports; a new listener waits no longer than this."


class _Refusal(Exception):
    """A message cannot be followed; nothing has changed."""

    def __init__(self, code: RefusalCode) -> None:
        super().__init__(code)
        self.code: RefusalCode = code


class MediaPlane:
    """The media process without its control socket.

    Args:
        sock: the one UDP socket, bound and non-blocking.
        addresses: those that seats reach the socket under.
        tell: sends a message to the server.
        recordings: the folder of all recordings; none records nothing.
    """

    def __init__(
        self,
        sock: socket.socket,
        addresses: tuple[str, ...],
        tell: Callable[[FromMedia], None],
        recordings: Path | None = None,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._tell = tell
        self._rooms: dict[str, MediaRoom] = {}
        self._studio = Studio(recordings, tell) if recordings is not None else None
        self._heard_at = self._loop.time()
        self._is_silenced = False
        self._closing: set[asyncio.Task[None]] = set()
        self._has_knots = False
        self._collect_at = 0.0
        self._host = Host(port=UdpPort(sock, self._keep_silence), certificate=Certificate(), addresses=addresses)
        self._ticking = self._loop.call_later(TICK_S, self._tick)
        tell(Ready(protocol=PROTOCOL, udp_port=self._host.port.number))

    async def close(self) -> None:
        """Close every recording, say goodbye to every seat and free the port."""
        self._ticking.cancel()
        if self._studio is not None:
            self._studio.close()
        for room in self._rooms.values():
            room.close()
        await asyncio.gather(*self._closing)
        self._host.port.close()

    def handle(self, message: ToMedia) -> None:
        """Follow a message of the server, or refuse it."""
        try:
            self._follow(message)
        except _Refusal as refusal:
            self._tell(
                Refused(
                    code=refusal.code,
                    about=str(message.__struct_config__.tag),
                    room=getattr(message, "room", ""),
                    alias=getattr(message, "alias", None),
                )
            )

    def _follow(self, message: ToMedia) -> None:  # routes only: one case a message
        match message:
            case Heartbeat():
                self._hear_log(message.log_silence_s)
            case OpenRoom():
                self._open_room(message)
            case CloseRoom():
                self._room(message.room).close()
                del self._rooms[message.room]
            case Join():
                self._join(message)
            case TakeOffer() | TakePlayer() | RestartIce():
                self._take(message)
            case SetPolicy():
                self._set_policy(message)
            case FinishRecording():
                self._finish_recording(message)
            case AskStats():
                port = self._host.port
                self._tell(self._room(message.room).stats(port.batch.unsent, port.strays))
            case Reoffer() | Answer() | Leave() | SetView():
                self._follow_seat(message, self._peer(message.room, message.alias))

    def _follow_seat(self, message: Reoffer | Answer | Leave | SetView, peer: Peer) -> None:
        match message:
            case Reoffer():
                self._reoffer(message, peer)
            case Answer():
                self._answer(message, peer)
            case Leave():
                self._room(message.room).remove(message.alias, "left")
            case SetView():
                self._room(message.room).show(peer, message.shown)

    def _room(self, name: str) -> MediaRoom:
        if name not in self._rooms:
            raise _Refusal("unknown_room")
        return self._rooms[name]

    def _peer(self, room: str, alias: str) -> Peer:
        peer = self._room(room).peers.get(alias)
        if peer is None:
            raise _Refusal("unknown_seat")
        return peer

    def _open_room(self, message: OpenRoom) -> None:
        if message.room in self._rooms:
            raise _Refusal("room_exists")
        recording = None
        if self._studio is not None and message.recording_key is not None:
            recording = self._studio.room(message.room, message.recording_key)
        room = MediaRoom(
            message.room, tell=self._tell, drop=self._close_later, recording=recording, faults=self._host.port.faults
        )
        if self._is_silenced:
            room.silence()
        self._rooms[message.room] = room

    def _join(self, message: Join) -> None:
        room = self._room(message.room)
        _check_aliases(message.alias, *(source for source, _ in message.sources))
        lines = lines_of(message.alias, message.publishes, message.sources, draw_ssrc, message.cameras)
        if not lines:
            raise _Refusal("nothing_to_offer")
        peer = Peer(message.alias, lines, self._host, room)
        room.add(peer)
        self._offer(message.room, peer, peer.offer())

    def _take(self, message: TakeOffer | TakePlayer | RestartIce) -> None:
        tracks = message.tracks if isinstance(message, TakePlayer) else []
        _check_aliases(message.alias, *(source for source, _ in tracks))
        self._tell(follow_offer(message, self._room(message.room), self._host))

    def _reoffer(self, message: Reoffer, peer: Peer) -> None:
        _check_aliases(*(source for source, _ in message.sources))
        self._offer(message.room, peer, peer.offer_again(message.sources, message.cameras))

    def _offer(self, room: str, peer: Peer, sdp: str) -> None:
        self._tell(Offer(room=room, alias=peer.alias, connection=peer.connection, revision=peer.revision, sdp=sdp))

    def _answer(self, message: Answer, peer: Peer) -> None:
        if (message.connection, message.revision) != (peer.connection, peer.revision) or peer.is_answered:
            raise _Refusal("stale_answer")
        try:
            self._room(message.room).answered(peer, message.sdp)
        except BadAnswer as error:
            raise _Refusal("bad_answer") from error

    def _set_policy(self, message: SetPolicy) -> None:
        room = self._room(message.room)
        if message.version <= room.policy_version:
            raise _Refusal("stale_policy")
        room.set_policy(policy_of(message.version, message.allowed), message.recorded)

    def _finish_recording(self, message: FinishRecording) -> None:
        recording = self._room(message.room).recording
        if recording is not None:
            recording.finish()
        else:
            self._tell(RecordingFinished(room=message.room))

    def _hear_log(self, silence_s: float) -> None:
        now = self._loop.time()
        self._heard_at = max(self._heard_at, now - silence_s)
        if self._is_silenced and now - self._heard_at <= SILENCE_AFTER_S:
            self._is_silenced = False
            for room in self._rooms.values():
                room.resume()

    def _keep_silence(self, now: float) -> None:
        """Before any packet is looked at: if the log is not heard, no route is in force."""
        if now - self._heard_at > SILENCE_AFTER_S and not self._is_silenced:
            self._is_silenced = True
            for room in self._rooms.values():
                room.silence()

    def _tick(self) -> None:
        self._ticking = self._loop.call_later(TICK_S, self._tick)
        now = self._loop.time()
        self._keep_silence(now)
        if self._has_knots and now >= self._collect_at:
            self._has_knots, self._collect_at = False, now + COLLECT_EVERY_S
            gc.collect()
        is_urgent = take_urgency()
        for room in self._rooms.values():
            try:
                if is_urgent:
                    room.hear_urgent(now)
                room.tick(now)
            except Exception as error:  # the top of what time brings to a room: the others go on
                self._host.port.faults.note(error, now, room=room.name)

    def _close_later(self, peer: Peer) -> None:
        task = self._loop.create_task(peer.link.close())
        self._closing.add(task)
        task.add_done_callback(self._closed)

    def _closed(self, task: asyncio.Task[None]) -> None:
        self._closing.discard(task)
        self._has_knots = True


def _check_aliases(*aliases: str) -> None:
    if not all(ALIAS.fullmatch(alias) for alias in aliases):
        raise _Refusal("bad_alias")
