"""A foreign WHIP client, which sends a moving picture and a tone as an encoder does."""

import asyncio
import time
from fractions import Fraction

import av
from aiortc import AudioStreamTrack, RTCRtpSender, VideoStreamTrack
from aiortc.codecs.h264 import H264Encoder

from tests.support.foreign_peer import ForeignPeer

WIDTH, HEIGHT, PER_SECOND = 320, 192, 10


def encoded(width: int, height: int, *, frames: int = 3, profile: str = "baseline") -> list[list[bytes]]:
    """The units of some pictures of an encoder; the first one is a key frame."""
    context = av.VideoCodecContext.create("libx264", "w")
    context.width, context.height, context.pix_fmt = width, height, "yuv420p"
    context.time_base, context.framerate = Fraction(1, 30), Fraction(30)
    context.options = {"tune": "zerolatency", "profile": profile}
    found = []
    for number in range(frames):
        frame = av.VideoFrame(width, height, "yuv420p")
        for plane in frame.planes:
            plane.update(bytes((number * 40 + at) % 251 for at in range(plane.buffer_size)))
        frame.pts, frame.time_base = number, Fraction(1, 30)
        found += [list(H264Encoder._split_bitstream(bytes(packet))) for packet in context.encode(frame)]
    return found


class MovingPicture(VideoStreamTrack):
    """A bar that goes over the picture."""

    def __init__(self) -> None:
        super().__init__()
        self._number = 0

    async def recv(self) -> av.VideoFrame:
        """The next frame, in time."""
        await asyncio.sleep(1 / PER_SECOND)
        self._number += 1
        frame = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
        for plane, shade in zip(frame.planes, (90, 128, 128), strict=True):
            plane.update(bytes([shade]) * plane.buffer_size)
        at = 8 * self._number % (WIDTH - 16)
        row = bytearray([90]) * frame.planes[0].line_size
        row[at : at + 16] = bytes([220]) * 16
        frame.planes[0].update(bytes(row) * HEIGHT)
        frame.pts, frame.time_base = self._number * 90_000 // PER_SECOND, Fraction(1, 90_000)
        return frame


def new_encoder(codec: str, *, has_sound: bool = True) -> ForeignPeer:
    """One that has offered nothing yet.

    Args:
        codec: of the picture, as in `video/H264`.
        has_sound: whether it sends sound too.
    """
    encoder = ForeignPeer()
    picture = encoder.connection.addTransceiver(MovingPicture(), direction="sendonly")
    known = RTCRtpSender.getCapabilities("video").codecs
    picture.setCodecPreferences([each for each in known if each.mimeType == codec])
    if has_sound:
        encoder.connection.addTransceiver(AudioStreamTrack(), direction="sendonly")
    return encoder


def send_with_ffmpeg(url: str, token: str, *, seconds: int) -> int:
    """Send a tone and a picture with the WHIP muxer of the FFmpeg that PyAV brings along; how many packets were sent.

    It offers `setup:passive`, so that the server begins the handshake. To be run in a thread: it waits for the server.
    """
    sent = 0
    with av.open(url, "w", format="whip", options={"authorization": token}) as output:
        picture = output.add_stream("libx264", rate=PER_SECOND, width=WIDTH, height=HEIGHT, pix_fmt="yuv420p")
        picture.options = {"profile": "baseline", "tune": "zerolatency", "g": str(PER_SECOND)}
        sound = output.add_stream("libopus", rate=48_000, layout="stereo")
        for number in range(seconds * PER_SECOND):
            time.sleep(1 / PER_SECOND)
            frame = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes([16 + 8 * (number % 25)]) * plane.buffer_size)
            frame.pts, frame.time_base = number, Fraction(1, PER_SECOND)
            tone = av.AudioFrame("s16", "stereo", 48_000 // PER_SECOND)
            tone.pts, tone.sample_rate, tone.time_base = number * tone.samples, 48_000, Fraction(1, 48_000)
            for packet in [*picture.encode(frame), *sound.encode(tone)]:
                output.mux(packet)
                sent += 1
    return sent
