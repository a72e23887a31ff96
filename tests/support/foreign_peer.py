"""A foreign implementation at the other end: aiortc's peer connection, which offers once and decodes what comes."""

import asyncio

import av
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError


class ForeignPeer:
    """One connection, which offers what is added to it before."""

    def __init__(self) -> None:
        self.connection = RTCPeerConnection()
        self.came = {"audio": 0, "video": 0}
        "Frames that were decoded."
        self._listening: list[asyncio.Task[None]] = []
        self.connection.on("track", self._take_track)

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
