"""All that reached a seat: every frame of its sockets and every answer of the API, at a page or a scripted client."""

import asyncio
import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import msgpack  # type: ignore[import-untyped]  # it ships no types
from playwright.async_api import Error, Page, Response, WebSocket

from server.demo.seat_client import SeatClient
from server.evidence.checkpoints import parse_checkpoint
from server.evidence.notes import parse_note
from server.session.frames import CheckpointSigned
from server.web.packing import pack, unpack, unpack_signal, unpack_signal_to_seat, unpack_to_seat
from tests.support.patience import until
from tests.support.pdf_pages import text_of

Frame = tuple[Callable[[bytes], object], bytes]
"Bytes, and who can read them."

BEGINS_A_LINE = b"{"
"Of all byte strings in frames, only those of the record's lines are text."

READERS = {"sync": (unpack, unpack_to_seat), "signal": (unpack_signal, unpack_signal_to_seat)}
"By the socket: of what the page sends, and of what the server does."


class Earshot:
    """What passed between the server and one alias, at whatever pages the alias sat."""

    def __init__(self) -> None:
        self.passed: list[bytes] = []
        "Frames as they were on the wire, and the bodies of answers, both readable as UTF-8 where they are text."
        self.frames: list[bytes] = []
        "Those of both sockets, in both directions."
        self._unread: list[Frame] = []
        self._signed_size = 0
        self._answers: list[asyncio.Task[None]] = []

    async def follow(self, page: Page) -> None:
        """Hear a page from now on; before it loads."""
        page.on("websocket", self._open)
        page.on("response", self._answered)

    async def caught_up(self, size: int) -> None:
        """Wait until everything that is due of so many lines has come: each as a line, or as a hash."""
        await until(lambda: self._read() >= size)
        await self.settled()

    async def settled(self) -> None:
        """Wait until every answer that has begun is here."""
        await asyncio.gather(*self._answers)

    def has(self, text: str) -> bool:
        """Whether these words were in anything that passed."""
        sought = text.encode()
        return any(sought in each for each in self.passed)

    def _open(self, socket: WebSocket) -> None:
        read_sent, read_received = READERS[socket.url.rpartition("/")[2]]
        socket.on("framesent", partial(self._passed, read_sent))
        socket.on("framereceived", partial(self._passed, read_received))

    def _passed(self, read: Callable[[bytes], object], frame: str | bytes) -> None:
        data = frame.encode() if isinstance(frame, str) else frame
        self.passed.append(data)
        self.frames.append(data)
        self._unread.append((read, data))

    def _read(self) -> int:
        """Read the frames that have come with the server's own packing; gives how many lines are signed."""
        unread, self._unread = self._unread, []
        for read, data in unread:
            known = read(data)
            if isinstance(known, CheckpointSigned):
                self._signed_size = parse_checkpoint(parse_note(known.note.encode())).size
        return self._signed_size

    def _answered(self, response: Response) -> None:
        if "/api/" in response.url:
            self._answers.append(asyncio.create_task(self._keep(response)))

    async def _keep(self, response: Response) -> None:
        body = await body_of(response)
        if body.startswith(b"%PDF"):
            body = (await asyncio.to_thread(text_of, body)).encode()
        elif "json" in response.headers.get("content-type", ""):
            body = json.dumps(json.loads(body), ensure_ascii=False, separators=(",", ":")).encode()
        self.passed.append(body)


async def body_of(response: Response) -> bytes:
    """The answer's body; of a file that the browser has streamed and let go of, the body of the same answer again."""
    try:
        return await response.body()
    except Error:
        if response.request.method != "GET":
            raise
        again = await response.frame.page.context.request.fetch(response.request)
        return await again.body()


class ScriptedEarshot:
    """The same of a scripted seat, which keeps what it heard."""

    def __init__(self, seat: SeatClient) -> None:
        self._seat = seat

    @property
    def passed(self) -> Iterable[bytes]:
        """Every frame that came."""
        return self.frames

    @property
    def frames(self) -> list[bytes]:
        """The same."""
        return [pack(frame) for frame in self._seat.heard]

    async def caught_up(self, size: int) -> None:
        """As of a page."""
        await until(lambda: self._seat.record.signed_size >= size)

    def has(self, text: str) -> bool:
        """As of a page."""
        sought = text.encode()
        return any(sought in each for each in self.passed)


def is_named(alias: str, frame: bytes) -> bool:
    """Whether an alias stands in any text of a frame, by itself or as a part of a name such as `E1-video`."""
    name = re.compile(rf"(?<![\w+/=]){alias}(?![\w+/=])")
    return any(name.search(text) for text in _texts(msgpack.unpackb(frame)))


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case bytes() if value.startswith(BEGINS_A_LINE):
            yield value.decode(errors="replace")  # one digest in 256 begins so too
        case dict():
            for part in (*value, *value.values()):
                yield from _texts(part)
        case list():
            for part in value:
                yield from _texts(part)
