"""A foreign WHIP client, which sends a moving picture and a tone as an encoder does."""

import asyncio
from fractions import Fraction

import av
from aiortc import AudioStreamTrack, RTCRtpSender, VideoStreamTrack
from aiortc.codecs.h264 import H264Encoder

from tests.support.foreign_peer import ForeignPeer

WIDTH, HEIGHT, PER_SECOND = 320, 192, 10


def encoded(
    width: int, height: int, *, frames: int = 3, profile: str = "baseline", shade: int | None = None
) -> list[list[bytes]]:
    """The units of some pictures of an encoder, of one shade or of a pattern; the first one is a key frame."""
    context = av.VideoCodecContext.create("libx264", "w")
    context.width, context.height, context.pix_fmt = width, height, "yuv420p"
    context.time_base, context.framerate = Fraction(1, 30), Fraction(30)
    context.options = {"tune": "zerolatency", "profile": profile}
    found = []
    for number in range(frames):
        frame = av.VideoFrame(width, height, "yuv420p")
        for plane in frame.planes:
            plane.update(bytes((number * 40 + at) % 251 if shade is None else shade for at in range(plane.buffer_size)))
        frame.pts, frame.time_base = number, Fraction(1, 30)
        found += [list(H264Encoder._split_bitstream(bytes(packet))) for packet in context.encode(frame)]
    return found


class MovingPicture(VideoStreamTrack):
    """A bar that goes over the picture; none where the lens is covered."""

    def __init__(self, is_covered: bool = False) -> None:
        super().__init__()
        self._number = 0
        self._background, self._bar = (16, 16) if is_covered else (90, 220)

    async def recv(self) -> av.VideoFrame:
        """The next frame, in time."""
        await asyncio.sleep(1 / PER_SECOND)
        self._number += 1
        frame = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
        for plane, shade in zip(frame.planes, (self._background, 128, 128), strict=True):
            plane.update(bytes([shade]) * plane.buffer_size)
        at = 8 * self._number % (WIDTH - 16)
        row = bytearray([self._background]) * frame.planes[0].line_size
        row[at : at + 16] = bytes([self._bar]) * 16
        frame.planes[0].update(bytes(row) * HEIGHT)
        frame.pts, frame.time_base = self._number * 90_000 // PER_SECOND, Fraction(1, 90_000)
        return frame


def new_encoder(codec: str, *, has_sound: bool = True, is_covered: bool = False) -> ForeignPeer:
    """One that has offered nothing yet.

    Args:
        codec: of the picture, as in `video/H264`.
        has_sound: whether it sends sound too.
        is_covered: whether its picture is black.
    """
    encoder = ForeignPeer()
    picture = encoder.connection.addTransceiver(MovingPicture(is_covered), direction="sendonly")
    known = RTCRtpSender.getCapabilities("video").codecs
    picture.setCodecPreferences([each for each in known if each.mimeType == codec])
    if has_sound:
        encoder.connection.addTransceiver(AudioStreamTrack(), direction="sendonly")
    return encoder
