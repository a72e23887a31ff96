"""One visit to a camera: log in, ask what it sends, have it play, and read its packets.

Every wait has an end, so that a camera that hangs is left. A certificate is not judged: cameras sign their own.
"""

import asyncio
import secrets
import ssl
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Self
from urllib.parse import urlsplit

from signaling.pulling.description import Offer, read_description
from signaling.pulling.messages import Pull
from signaling.pulling.reach import reachable_address
from signaling.pulling.rtsp import Incoming, Login, NotRtsp, Packet, Reply, request

PORTS = {"rtsp": 554, "rtsps": 322}
CONNECT_WITHIN_S = 5.0
REPLY_WITHIN_S = 5.0
PACKETS_WITHIN_S = 10.0
"After which a silent camera is left."
USUAL_TIMEOUT_S = 60
SHORTEST_KEEP_S = 5.0
READ_BYTES = 1 << 16
PICTURE_CHANNEL, SOUND_CHANNEL = 0, 2
_TRIES = 3
"Of one request: without proof, with it, and with it again where the camera's word has grown old."


class WrongPassword(Exception):
    """The camera does not take this name and password."""


class NoStream(Exception):
    """The camera knows nothing under this path, or does not give it over TCP."""


class Closed(Exception):
    """The camera ended the connection, or says nothing any more."""


class RtspClient:
    """A connection to a camera."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, pull: Pull) -> None:
        self._reader = reader
        self._writer = writer
        self._url = pull.url
        self._login = Login(pull.user, pull.password)
        self._incoming = Incoming()
        self._waiting: list[Reply | Packet] = []
        self._number = 0
        self._session: dict[str, str] = {}
        self._keep_alive_s = USUAL_TIMEOUT_S / 2
        self._keeps_alive_by = "OPTIONS"

    @classmethod
    async def connect(cls, pull: Pull) -> Self:
        """Connect to the camera.

        Raises:
            Forbidden: it stands where none may.
            OSError: nobody answers there.
        """
        parts = urlsplit(pull.url)
        host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
        async with asyncio.timeout(CONNECT_WITHIN_S):
            address = await reachable_address(host, port, pull.networks)
            is_secret = parts.scheme == "rtsps"
            reader, writer = await asyncio.open_connection(address, port, ssl=_own_signed() if is_secret else None)
        return cls(reader, writer, pull)

    async def close(self) -> None:
        """Leave the camera, if it listens with a word."""
        if self._session and not self._writer.is_closing():
            self._send("TEARDOWN", self._url, {})
        self._writer.close()
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(1.0):
                await self._writer.wait_closed()

    async def play(self) -> Offer:
        """Have the camera play what we can take.

        Raises:
            WrongPassword, NoStream, NotRtsp, NotH264, NoPicture: it does not.
            Closed: it has gone.
        """
        options = await self._ask("OPTIONS", self._url)
        if "GET_PARAMETER" in (options.first("public") or ""):
            self._keeps_alive_by = "GET_PARAMETER"
        described = _good(await self._ask("DESCRIBE", self._url, {"Accept": "application/sdp"}))
        base = described.first("content-base") or described.first("content-location") or self._url
        offer = read_description(described.body, base)
        await self._set_up(offer.picture.url, PICTURE_CHANNEL)
        if offer.sound is not None:
            await self._set_up(offer.sound.url, SOUND_CHANNEL)
        _good(await self._ask("PLAY", offer.whole, {"Range": "npt=0.000-"}))
        self._url = offer.whole
        return offer

    async def _set_up(self, url: str, channel: int) -> None:
        transport = {"Transport": f"RTP/AVP/TCP;unicast;interleaved={channel}-{channel + 1}"}
        reply = _good(await self._ask("SETUP", url, transport))
        session, _, rest = (reply.first("session") or "").partition(";")
        if not session.strip():
            raise NotRtsp("no session")
        self._session = {"Session": session.strip()}
        timeout = rest.strip().removeprefix("timeout=")
        if timeout.isdigit():
            self._keep_alive_s = max(SHORTEST_KEEP_S, min(int(timeout), 600) / 2)

    async def packets(self) -> AsyncIterator[Packet]:
        """What the camera sends, until it ends.

        Raises:
            Closed, NotRtsp: it has ended.
        """
        loop = asyncio.get_running_loop()
        keep_at = loop.time() + self._keep_alive_s
        while True:
            for each in self._waiting:
                if isinstance(each, Packet):
                    yield each
                elif each.status == 401 and not self._login.heard(each):
                    raise Closed("its session has ended")
            self._waiting = []
            if loop.time() >= keep_at:
                keep_at = loop.time() + self._keep_alive_s
                self._send(self._keeps_alive_by, self._url, {})
            await self._read(PACKETS_WITHIN_S)

    async def _ask(self, method: str, url: str, headers: dict[str, str] | None = None) -> Reply:
        """The reply to a request; with our password, if the camera wants it."""
        for _ in range(_TRIES):
            reply = await self._reply(self._send(method, url, headers or {}))
            if reply.status != 401:
                return reply
            if not self._login.heard(reply):
                break
        raise WrongPassword

    def _send(self, method: str, url: str, headers: dict[str, str]) -> int:
        self._number += 1
        proof = self._login.headers(method, url, secrets.token_hex(8))
        self._writer.write(request(method, url, self._number, {**headers, **self._session, **proof}))
        return self._number

    async def _reply(self, number: int) -> Reply:
        try:
            async with asyncio.timeout(REPLY_WITHIN_S):
                while True:
                    for at, each in enumerate(self._waiting):
                        if isinstance(each, Reply) and each.status and each.number in (number, -1):
                            del self._waiting[at]
                            return each
                    await self._read(REPLY_WITHIN_S)
        except TimeoutError as error:
            raise Closed("no reply") from error

    async def _read(self, within_s: float) -> None:
        try:
            async with asyncio.timeout(within_s):
                data = await self._reader.read(READ_BYTES)
        except (TimeoutError, OSError) as error:
            raise Closed("it says nothing any more") from error
        if not data:
            raise Closed("it ended the connection")
        self._waiting += self._incoming.feed(data)


def _good(reply: Reply) -> Reply:
    """The same reply; a camera that sends us elsewhere is not followed.

    Raises:
        WrongPassword, NoStream: it is none that helps.
    """
    if reply.status == 403:
        raise WrongPassword
    if reply.status != 200:
        raise NoStream(f"status {reply.status}")
    return reply


def _own_signed() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
