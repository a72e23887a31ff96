"""What a camera sends, sent on to our media process as any encoder does it (WHIP's offer and answer).

Pictures go as they are, cut into packets by aiortc; sound is encoded to Opus. So the packet path of the seats knows
nothing of RTSP, and what the camera sends can only reach it through DTLS and SRTP, under the limits of every encoder.
"""

import asyncio
from fractions import Fraction
from typing import Any, TypeAlias

import av
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError
from av.frame import Frame

from signaling import sdp
from signaling.pulling.pictures import CLOCK, CameraPicture

Sendable: TypeAlias = "av.Packet[Any] | Frame"
MOST_WAITING = 100
"Pictures, or frames of sound: two to four seconds."


class Waiting(MediaStreamTrack):
    """A track that is filled from outside; what nobody takes in time is dropped.

    Args:
        kind: `audio` or `video`.
    """

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind
        self._queue: asyncio.Queue[Sendable] = asyncio.Queue(MOST_WAITING)

    async def recv(self) -> Sendable:
        """The next one, when it comes."""
        if self.readyState != "live":
            raise MediaStreamError
        return await self._queue.get()

    def put(self, what: Sendable) -> bool:
        """Have it sent; false if too much is waiting."""
        try:
            self._queue.put_nowait(what)
        except asyncio.QueueFull:
            return False
        return True


class Sending:
    """One connection to the media process.

    Args:
        has_sound: whether the camera's sound is sent too.
    """

    def __init__(self, *, has_sound: bool) -> None:
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._pictures = Waiting("video")
        sender = self._connection.addTransceiver(self._pictures, direction="sendonly")
        known = RTCRtpSender.getCapabilities("video").codecs
        sender.setCodecPreferences([each for each in known if each.mimeType == "video/H264"])
        self._sounds = Waiting("audio") if has_sound else None
        if self._sounds is not None:
            self._connection.addTransceiver(self._sounds, direction="sendonly")
        self._needs_key = True
        self._has_connected = asyncio.Event()
        self._connection.on("connectionstatechange", self._note)

    def _note(self) -> None:
        if self.is_connected:
            self._has_connected.set()

    async def connected(self) -> None:
        """Wait until it is."""
        await self._has_connected.wait()

    @property
    def is_connected(self) -> bool:
        """Whether what is put in goes out."""
        return str(self._connection.connectionState) == "connected"

    @property
    def is_lost(self) -> bool:
        """Whether it has ended by itself."""
        return str(self._connection.connectionState) in ("closed", "failed")

    async def offer(self) -> str:
        """Our offer, with all candidates."""
        await self._connection.setLocalDescription(await self._connection.createOffer())
        return str(self._connection.localDescription.sdp)

    async def take(self, answer: str) -> None:
        """Take the answer; it connects by itself."""
        own = at_home(answer, str(self._connection.localDescription.sdp))
        await self._connection.setRemoteDescription(RTCSessionDescription(sdp=own, type="answer"))

    def send_picture(self, picture: CameraPicture) -> None:
        """Send a picture; the first one, and the first after any that was dropped, is a key frame."""
        if not self.is_connected or (self._needs_key and not picture.is_key):
            return
        packet = av.Packet(picture.data)
        packet.pts, packet.time_base = picture.at, Fraction(1, CLOCK)
        self._needs_key = not self._pictures.put(packet)

    def send_sound(self, frame: av.AudioFrame) -> None:
        """Send a frame of sound."""
        if self._sounds is not None and self.is_connected:
            self._sounds.put(frame)

    async def close(self) -> None:
        """End it."""
        await self._connection.close()


def at_home(answer: str, offer: str) -> str:
    """The answer with this machine's own addresses beside those that seats are told: both processes are on it."""
    lines, named = answer.splitlines(), _hosts(answer)
    port = named[0][1]
    hosts = {address: None for address, _ in _hosts(offer)}.keys() - {address for address, _ in named}
    first = len(named) + 1
    own = [
        f"a=candidate:{n} 1 udp {2130706431 - n} {host} {port} typ host"
        for n, host in enumerate(sorted(hosts), start=first)
    ]
    end = lines.index("a=end-of-candidates")
    return "\r\n".join([*lines[:end], *own, *lines[end:], ""])


def _hosts(text: str) -> list[tuple[str, str]]:
    """Addresses and ports of the candidates."""
    found = (value.split() for section in sdp.read(text).sections for value in section.every("candidate"))
    return [(fields[4], fields[5]) for fields in found if len(fields) >= 8 and fields[2].lower() == "udp"]
