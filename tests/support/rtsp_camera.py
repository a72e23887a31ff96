"""A camera on this machine that gives its picture by RTSP, as those at a venue do; or misbehaves, as some do."""

import asyncio
import base64
import hashlib
import re
import ssl
from contextlib import suppress
from fractions import Fraction
from typing import Self

import av
import msgspec
from aiortc.codecs.h264 import H264Encoder

PER_SECOND = 10
KEY_EVERY = 5
WIDTH, HEIGHT = 320, 192
REALM, NONCE = "Camera", "0123456789abcdef"


class Habits(msgspec.Struct, frozen=True, kw_only=True):
    """How a camera is set up."""

    user: str = ""
    password: str = ""
    codec: str = "H264"
    has_b_frames: bool = False
    has_sound: bool = True
    sound: str = "PCMA/8000"
    sends: bool = True
    hangs_at: str = ""
    "The method to which it never replies."
    redirects_to: str = ""
    status_of_describe: int = 200
    is_rtsp: bool = True
    timeout_s: int = 60
    "Of a session."


def film(*, b_frames: bool = False) -> list[list[bytes]]:
    """The units of a second of pictures, in the order in which they are sent."""
    context = av.VideoCodecContext.create("libx264", "w")
    context.width, context.height, context.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    context.time_base, context.framerate = Fraction(1, PER_SECOND), Fraction(PER_SECOND)
    context.gop_size = KEY_EVERY
    options = {"x264-params": f"scenecut=0:keyint={KEY_EVERY}"}
    context.options = (
        {**options, "bf": "2", "profile": "main"} if b_frames else {**options, "tune": "zerolatency", "bf": "0"}
    )
    found: list[bytes] = []
    for number in range(PER_SECOND):
        frame = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
        for plane in frame.planes:
            plane.update(bytes((number * 3 + at // 997) % 251 for at in range(plane.buffer_size)))
        frame.pts, frame.time_base = number, Fraction(1, PER_SECOND)
        found += [bytes(packet) for packet in context.encode(frame)]
    found += [bytes(packet) for packet in context.encode(None)]
    return [list(H264Encoder._split_bitstream(data)) for data in found]


class RtspCamera:
    """Listens while it is entered; `port` stays the same when it is entered again."""

    def __init__(self, habits: Habits | None = None, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.habits = habits or Habits()
        self.port = port
        self.asked: list[str] = []
        "Request lines and proofs, as they came."
        self._tls = tls
        self._film = film(b_frames=self.habits.has_b_frames)
        self._visits: set[asyncio.StreamWriter] = set()
        self._sending: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._visit, "127.0.0.1", self.port, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._sending:
            task.cancel()
        for writer in self._visits:
            writer.transport.abort()

    @property
    def url(self) -> str:
        """Its address, without name and password."""
        return f"{'rtsps' if self._tls else 'rtsp'}://127.0.0.1:{self.port}/Streaming/Channels/101"

    async def _visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._visits.add(writer)
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                if not self.habits.is_rtsp:
                    writer.write(b"\x16\x03\x01 this is something else \r\n\r\n")
                    continue
                self._answer(head, writer)
        self._visits.discard(writer)
        writer.close()

    def _answer(self, head: str, writer: asyncio.StreamWriter) -> None:
        line, *rest = head.split("\r\n")
        headers = dict(each.split(": ", 1) for each in rest if ": " in each)
        method, url, _ = line.split(" ")
        self.asked.append(line)
        habits, more, body, status = self.habits, {"CSeq": headers["CSeq"]}, "", 200
        if method == habits.hangs_at:
            return
        if habits.user and method != "OPTIONS" and not self._is_proved(method, url, headers.get("Authorization", "")):
            status, more["WWW-Authenticate"] = 401, f'Digest realm="{REALM}", nonce="{NONCE}", algorithm="MD5"'
        elif habits.redirects_to:
            status, more["Location"] = 302, habits.redirects_to
        elif method == "OPTIONS":
            more["Public"] = "OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER"
        elif method == "DESCRIBE":
            status = habits.status_of_describe
            more |= {"Content-Base": f"{self.url}/", "Content-Type": "application/sdp"}
            body = self._description()
        elif method == "SETUP":
            more |= {"Session": f"77;timeout={self.habits.timeout_s}", "Transport": headers["Transport"]}
        more["Content-Length"] = str(len(body))
        fields = "".join(f"{name}: {value}\r\n" for name, value in more.items())
        writer.write(f"RTSP/1.0 {status} Whatever\r\n{fields}\r\n{body}".encode())
        if method == "PLAY" and status == 200 and habits.sends:
            task = asyncio.create_task(self._send(writer))
            self._sending.add(task)

    def _is_proved(self, method: str, url: str, proof: str) -> bool:
        fields = dict(re.findall(r'(\w+)="([^"]*)"', proof))
        secret = hashed(f"{self.habits.user}:{REALM}:{self.habits.password}")
        return fields.get("response") == hashed(f"{secret}:{NONCE}:" + hashed(f"{method}:{url}"))

    def _description(self) -> str:
        sets = ",".join(base64.b64encode(unit).decode() for unit in self._film[0] if unit[0] & 31 in (7, 8))
        lines = [
            "v=0",
            "o=- 1 1 IN IP4 127.0.0.1",
            "s=Media Presentation",
            "t=0 0",
            "a=control:*",
            "m=video 0 RTP/AVP 96",
            f"a=rtpmap:96 {self.habits.codec}/90000",
            f"a=fmtp:96 packetization-mode=1;profile-level-id=42001f;sprop-parameter-sets={sets}",
            "a=control:trackID=1",
            "a=Media_header:MEDIAINFO=494D4B48",
        ]
        if self.habits.has_sound:
            lines += ["m=audio 0 RTP/AVP 97", f"a=rtpmap:97 {self.habits.sound}", "a=control:trackID=2"]
        return "\r\n".join([*lines, ""])

    async def _send(self, writer: asyncio.StreamWriter) -> None:
        number = sound_number = 0
        sequence = 65_530
        while not writer.is_closing():
            units = [unit for unit in self._film[number % len(self._film)] if unit[0] & 31 not in (7, 8, 9)]
            payloads = H264Encoder._packetize(units)
            for at, payload in enumerate(payloads):
                marker = 0x80 if at == len(payloads) - 1 else 0
                stamp = (4_294_960_000 + number * 90_000 // PER_SECOND) & 0xFFFFFFFF
                writer.write(packet(0, 96 | marker, sequence & 0xFFFF, stamp, payload))
                sequence += 1
            for _ in range(5 if self.habits.has_sound else 0):
                writer.write(packet(2, 97, sound_number & 0xFFFF, 160 * sound_number, bytes([0xD5, 0x55] * 80)))
                sound_number += 1
            number += 1
            await asyncio.sleep(1 / PER_SECOND)


def packet(channel: int, kind: int, sequence: int, stamp: int, payload: bytes) -> bytes:
    """An RTP packet between the replies."""
    rtp = bytes([0x80, kind]) + sequence.to_bytes(2) + stamp.to_bytes(4) + b"\0\0\0\7" + payload
    return b"$" + bytes([channel]) + len(rtp).to_bytes(2) + rtp


def hashed(text: str) -> str:
    """The hash of a proof."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
