"""Pulls one camera for as long as it is asked to: visits it, sends on what comes, and comes back after pauses."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from signaling.pulling.description import NoPicture, NotH264, Offer
from signaling.pulling.messages import BEAT_S, Answered, FromPull, Lost, Offering, Pull, PullState, Standing
from signaling.pulling.pauses import Pauses
from signaling.pulling.pictures import CameraPicture, HasBFrames, Pictures
from signaling.pulling.reach import Forbidden
from signaling.pulling.rtsp import NotRtsp, Packet
from signaling.pulling.rtsp_client import PICTURE_CHANNEL, SOUND_CHANNEL, Closed, NoStream, RtspClient, WrongPassword
from signaling.pulling.sending import Sending
from signaling.pulling.sound import Sound
from signaling.rtp import BadPacket, parse

KEY_WITHIN_S = 12.0
"From the first packets on, and longer than any sensible pause between key frames."
ANSWER_WITHIN_S = 5.0
CONNECT_WITHIN_S = 10.0

_T = TypeVar("_T")


class _Ended(Exception):
    """A visit has come to its end."""

    def __init__(self, state: PullState, detail: str = "") -> None:
        super().__init__(state)
        self.state = state
        self.detail = detail


class Puller:
    """Follows the server's messages about one camera.

    Args:
        pull: the camera.
        tell: sends a message to the server.
    """

    def __init__(self, pull: Pull, tell: Callable[[FromPull], None]) -> None:
        self._pull = pull
        self._tell = tell
        self._standing = Standing(state="connecting")
        self._answers: asyncio.Queue[Answered] = asyncio.Queue()
        self._is_lost = asyncio.Event()
        self._has_played = False
        "On this visit."

    def hear(self, message: Answered | Lost) -> None:
        """Take what the server says."""
        if isinstance(message, Answered):
            self._answers.put_nowait(message)
        else:
            self._is_lost.set()

    async def run(self) -> None:
        """Go on for ever."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._beat())
            tasks.create_task(self._visit_for_ever())

    async def _beat(self) -> None:
        while True:
            self._tell(self._standing)
            await asyncio.sleep(BEAT_S)

    def _stand(self, standing: Standing) -> None:
        if standing != self._standing:
            self._standing = standing
            self._tell(standing)

    async def _visit_for_ever(self) -> None:
        pauses = Pauses()
        while True:
            self._has_played = False
            ended = await self._visit()
            self._stand(Standing(state=ended.state, detail=ended.detail))
            pause = pauses.after(ended.state)
            await (asyncio.sleep(pause) if pause is not None else asyncio.Event().wait())

    async def _visit(self) -> _Ended:
        """How a visit ended."""
        try:
            client = await RtspClient.connect(self._pull)
        except Forbidden:
            return _Ended("forbidden")
        except (OSError, TimeoutError):
            return _Ended("unreachable")
        try:
            await self._watch(client)
        except _Ended as ended:
            return ended
        except WrongPassword:
            return _Ended("wrong_password")
        except NoStream:
            return _Ended("no_stream")
        except NotH264 as error:
            return _Ended("bad_codec", str(error))
        except (NoPicture, HasBFrames) as error:
            return _Ended("b_frames" if isinstance(error, HasBFrames) else "no_picture")
        except NotRtsp:
            return _Ended("no_camera" if not self._was_live else "interrupted")
        except Closed:
            return _Ended(self._after_silence())
        finally:
            await client.close()
        return _Ended("interrupted")

    @property
    def _was_live(self) -> bool:
        return self._standing.state in ("live", "interrupted")

    def _after_silence(self) -> PullState:
        return "interrupted" if self._was_live else "no_picture" if self._has_played else "unreachable"

    async def _watch(self, client: RtspClient) -> None:
        """Send on what the camera plays, until one of the two connections ends."""
        offer = await client.play()
        self._has_played = True
        incoming = _Incoming(offer)
        reading = asyncio.create_task(incoming.read(client))
        try:
            await _first(reading, incoming.has_key.wait(), KEY_WITHIN_S, _Ended("no_picture"))
            while True:
                await self._send(offer, incoming, reading)
        finally:
            reading.cancel()
            with suppress(asyncio.CancelledError, Exception):  # what it was is told by whoever awaited it
                await reading

    async def _send(self, offer: Offer, incoming: "_Incoming", reading: asyncio.Task[None]) -> None:
        """One connection to the media process; returns when it has ended."""
        sending = Sending(has_sound=offer.sound is not None)
        try:
            self._is_lost.clear()
            while not self._answers.empty():
                self._answers.get_nowait()
            self._tell(Offering(sdp=await sending.offer()))
            answered = await _first(reading, self._answers.get(), ANSWER_WITHIN_S, _Ended("media_away"))
            if not answered.sdp:
                raise _Ended("media_away")
            await sending.take(answered.sdp)
            await _first(reading, sending.connected(), CONNECT_WITHIN_S, _Ended("media_away"))
            incoming.sending = sending
            await self._until_ended(offer, incoming, sending, reading)
        finally:
            incoming.sending = None
            await sending.close()

    async def _until_ended(
        self, offer: Offer, incoming: "_Incoming", sending: Sending, reading: asyncio.Task[None]
    ) -> None:
        while not sending.is_lost and not self._is_lost.is_set():
            rare = incoming.pictures.has_rare_key_frames
            self._stand(Standing(state="live", sound=offer.sound_state, has_rare_key_frames=rare))
            with suppress(TimeoutError):
                await _first(reading, self._is_lost.wait(), BEAT_S, TimeoutError())


async def _first(reading: asyncio.Task[None], wanted: Coroutine[Any, Any, _T], within_s: float, late: Exception) -> _T:
    """What is waited for, while the camera is read.

    Raises:
        late: it did not come in time.
        Closed, NotRtsp, HasBFrames: the camera has ended before.
    """
    waiting = asyncio.ensure_future(wanted)
    try:
        await asyncio.wait((reading, waiting), timeout=within_s, return_when=asyncio.FIRST_COMPLETED)
        if reading.done():
            reading.result()
            raise Closed("it has ended")
        if not waiting.done():
            raise late
        return waiting.result()
    finally:
        waiting.cancel()


class _Incoming:
    """What comes of a camera."""

    def __init__(self, offer: Offer) -> None:
        self.pictures = Pictures(offer.parameters)
        self.has_key = asyncio.Event()
        self.sending: Sending | None = None
        self._offer = offer
        self._sound = Sound(offer.sound_codec)

    async def read(self, client: RtspClient) -> None:
        """Read until the camera ends."""
        async for packet in client.packets():
            try:
                self._take(packet)
            except BadPacket:
                continue

    def _take(self, packet: Packet) -> None:
        offer = self._offer
        if packet.channel == PICTURE_CHANNEL:
            rtp = parse(packet.data)
            if rtp.payload_type == offer.picture.payload_type:
                self._take_picture(self.pictures.take(rtp, asyncio.get_running_loop().time()))
        elif packet.channel == SOUND_CHANNEL and offer.sound is not None and self.sending is not None:
            rtp = parse(packet.data)
            if rtp.payload_type == offer.sound.payload_type:
                for frame in self._sound.take(rtp):
                    self.sending.send_sound(frame)

    def _take_picture(self, picture: CameraPicture | None) -> None:
        if picture is not None and picture.is_key:
            self.has_key.set()
        if picture is not None and self.sending is not None:
            self.sending.send_picture(picture)
