"""A foreign WHEP player: aiortc's peer connection, which receives a picture and a sound and decodes both."""

import asyncio

import av
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCRtpReceiver, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError


class WallPlayer:
    """One connection.

    Args:
        kinds: of the lines that it offers, in their order.
        codec: the only one that it takes for a picture, as in `video/H264`; all that it knows without one.
    """

    def __init__(self, *kinds: str, codec: str | None = None) -> None:
        self.connection = RTCPeerConnection()
        self.came = {"audio": 0, "video": 0}
        "Frames that were decoded."
        self._listening: list[asyncio.Task[None]] = []
        self.connection.on("track", self._take_track)
        for kind in kinds or ("audio", "video"):
            transceiver = self.connection.addTransceiver(kind, direction="recvonly")
            if kind == "video" and codec is not None:
                known = RTCRtpReceiver.getCapabilities("video")
                assert known is not None
                transceiver.setCodecPreferences([each for each in known.codecs if each.mimeType == codec])

    def _take_track(self, track: MediaStreamTrack) -> None:
        self._listening.append(asyncio.create_task(self._count(track)))

    async def _count(self, track: MediaStreamTrack) -> None:
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            if isinstance(frame, av.VideoFrame | av.AudioFrame):
                self.came[track.kind] += 1

    async def offer(self) -> str:
        """Its offer, with all candidates."""
        await self.connection.setLocalDescription(await self.connection.createOffer())
        return str(self.connection.localDescription.sdp)

    async def take(self, answer: str) -> None:
        """Take the answer; it connects by itself."""
        await self.connection.setRemoteDescription(RTCSessionDescription(sdp=answer, type="answer"))

    @property
    def state(self) -> str:
        """Of the connection."""
        return str(self.connection.connectionState)

    async def close(self) -> None:
        """End it."""
        await self.connection.close()
        for task in self._listening:
            task.cancel()
        await asyncio.gather(*self._listening, return_exceptions=True)
