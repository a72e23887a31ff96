"""A seat without a browser: it holds a key, keeps the record like a page does, and speaks the same socket.

The scripted participants of the demo are made of it, and so are the tests.
"""

import asyncio
import secrets
import ssl
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

import aiohttp
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server.domain.commands import AnyCommand, EnrolSeat, Envelope, command_fields
from server.domain.errors import EvidenceBroken, LianpingError
from server.domain.fold import fold
from server.domain.ids import Alias, Digest, RoomId, Seq
from server.domain.lines import Line, parse_line
from server.domain.plan import RoomRef, SeenTree
from server.domain.state import EMPTY, RoomView
from server.evidence.canonical import canonical
from server.evidence.checkpoints import parse_checkpoint
from server.evidence.command_signatures import key_fingerprint, sign_command, sign_join
from server.evidence.merkle import MerkleTree, leaf_hash
from server.evidence.notes import is_signed_by, parse_note
from server.evidence.room_keys import keys_of
from server.session.frames import (
    PROTOCOL,
    Accepted,
    AnyFromSeat,
    AnyToSeat,
    Cell,
    CellSaved,
    CheckpointSigned,
    FreshToken,
    Goodbye,
    Join,
    Lines,
    Presence,
    Progress,
    Refresh,
    Refused,
    Submit,
    Welcome,
)
from server.task_end import end_tasks
from server.web.packing import pack, unpack_to_seat

PATIENCE_S: Final = 30.0
"For an answer or a state that should come at once."

RECONNECT_PAUSES_S: Final = (0.05, 0.3, 1.2, 2.7, 4.8)


class SeatRefused(LianpingError):
    """The server refused; `code` is stable."""

    def __init__(self, code: str, text: str) -> None:
        self.code = code
        super().__init__(f"{code}: {text}")


class SeatKey:
    """The P-256 key of a seat; in a browser it would not be extractable."""

    def __init__(self, private: ec.EllipticCurvePrivateKey | None = None) -> None:
        self.private = private or ec.generate_private_key(ec.SECP256R1())
        self.spki = self.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.fingerprint: Digest = key_fingerprint(self.spki)


class SeatRecord:
    """The lines that the seat may see, the hashes of the others, and the view they fold to."""

    def __init__(self) -> None:
        self.lines: dict[Seq, Line] = {}
        self.raws: dict[Seq, bytes] = {}
        self._leaves: dict[int, bytes] = {}
        self._tree = MerkleTree()
        self.view: RoomView = EMPTY
        self._folded = -1
        self.signed_size = 0
        "Lines that the latest checkpoint covers."

    @property
    def have(self) -> int:
        """How many lines from the start the seat holds, as line or hash."""
        return self._tree.size

    @property
    def seen(self) -> SeenTree:
        """The tree over what the seat holds."""
        return SeenTree(size=self._tree.size, root=Digest(self._tree.root().hex()))

    def take_lines(self, frame: Lines) -> None:
        """Add lines; fold again from the start if one of them is older than what was folded."""
        fresh = []
        for placed in frame.lines:
            if placed.seq in self.raws:
                continue
            self._take_leaf(placed.seq, leaf_hash(placed.raw))
            self.raws[placed.seq] = placed.raw
            self.lines[placed.seq] = parse_line(placed.raw)
            fresh.append(placed.seq)
        if fresh and min(fresh) < self._folded:
            self.view = fold(self.lines[seq] for seq in sorted(self.lines))
        else:
            self.view = fold((self.lines[seq] for seq in sorted(fresh)), self.view)
        self._folded = max([self._folded, *fresh])

    def take_checkpoint(self, frame: CheckpointSigned) -> None:
        """Add hashes and hold the signed head against the tree.

        Raises:
            EvidenceBroken: the head is not signed, or contradicts what the seat was sent.
        """
        for placed in frame.hashes:
            self._take_leaf(placed.seq, placed.hash)
        note = parse_note(frame.note.encode())
        checkpoint = parse_checkpoint(note)
        opening = self.view.opening
        if opening is None or not is_signed_by(note, keys_of(opening).log):
            raise EvidenceBroken("The checkpoint is not signed by the room's log.")
        if checkpoint.size > self.have or self._tree.root(checkpoint.size) != checkpoint.root:
            raise EvidenceBroken(f"The checkpoint of size {checkpoint.size} contradicts the lines that were sent.")
        self.signed_size = checkpoint.size

    def _take_leaf(self, seq: int, leaf: bytes) -> None:
        if self._leaves.setdefault(seq, leaf) != leaf:
            raise EvidenceBroken(f"Line {seq} was sent in two versions.")
        while self._tree.size in self._leaves:
            self._tree.append(self._leaves[self._tree.size])


class SeatClient:
    """One seat: connect, watch the view, submit commands. It comes back by itself when the connection breaks."""

    def __init__(
        self, url: str, room: RoomId, alias: Alias, token: str, *, key: SeatKey, trust: ssl.SSLContext | None = None
    ) -> None:
        self.room = room
        self.alias = alias
        self.key = key
        self.document_key = SeatKey()
        "What this seat signs documents with; a new device has a new one."
        self.record = SeatRecord()
        self.cells: dict[str, Cell] = {}
        self.progress: dict[Alias, Progress] = {}
        self.connected: tuple[Alias, ...] = ()
        self.heard: list[AnyToSeat] = []
        "Every frame received, for tests that search them."
        self.goodbye: Goodbye | None = None
        self.url = url
        self.token = token
        self.trust = trust
        self._n = 0
        self._changed = asyncio.Condition()
        self._answers: dict[int, asyncio.Future[Accepted]] = {}
        self._unanswered: dict[int, Submit] = {}
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._welcomed = asyncio.Event()

    @property
    def view(self) -> RoomView:
        """The room as this seat sees it."""
        return self.record.view

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession()
        self._task = asyncio.create_task(self._run())
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._welcomed.wait()
        except BaseException:
            await self.__aexit__(None, None, None)
            raise
        if self.goodbye is not None:
            await self.__aexit__(None, None, None)
            raise SeatRefused(self.goodbye.code, self.goodbye.text)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await end_tasks(self._task)
        await self._http.close()
        await asyncio.sleep(0)

    # -- asking --------------------------------------------------------------------------------------------------

    async def enrol(self) -> Accepted:
        """Bind this seat's key to the alias."""
        return await self.submit(EnrolSeat(spki=self.key.spki))

    async def submit(self, command: AnyCommand) -> Accepted:
        """Sign a command and wait until it is durable.

        Raises:
            SeatRefused: the rules forbid it.
        """
        await self.until(lambda view: self.record.have > view.phase_at)
        self._n += 1
        return await self.send(self.signed(command, self._n), self._n)

    def signed(self, command: AnyCommand, n: int) -> Submit:
        """The frame of a command as this seat signs it now."""
        envelope = Envelope(
            room=RoomRef(id=self.room, first=Digest(leaf_hash(self.record.raws[Seq(0)]).hex())),
            by=self.alias,
            n=n,
            seen=self.record.seen,
            nonce=secrets.token_bytes(16),
        )
        text = canonical(command_fields(envelope, command)).decode()
        return Submit(text=text, signature=sign_command(self.key.private, text), key=self.key.fingerprint)

    async def send(self, frame: Submit, n: int) -> Accepted:
        """Send a signed command, again after every reconnection, until it is answered."""
        answer: asyncio.Future[Accepted] = asyncio.get_running_loop().create_future()
        self._answers[n] = answer
        self._unanswered[n] = frame
        await self._put(frame)
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await answer
        finally:
            self._answers.pop(n, None)
            self._unanswered.pop(n, None)

    async def until(self, condition: Callable[[RoomView], object], patience_s: float | None = PATIENCE_S) -> None:
        """Wait until the view, or anything else of this seat, meets a condition.

        Args:
            condition: of the view.
            patience_s: how long nothing may change meanwhile; none waits for ever.

        Raises:
            TimeoutError: nothing has changed for so long.
            SeatRefused: the server ended the connection for good.
        """
        now = asyncio.get_running_loop().time
        async with asyncio.timeout(patience_s) as limit, self._changed:

            def is_over() -> bool:
                if patience_s is not None:
                    limit.reschedule(now() + patience_s)
                return self.goodbye is not None or bool(condition(self.view))

            await self._changed.wait_for(is_over)
        if self.goodbye is not None and not condition(self.view):
            raise SeatRefused(self.goodbye.code, self.goodbye.text)

    async def put(self, frame: AnyFromSeat) -> None:
        """Send any frame."""
        await self._put(frame)

    async def refresh(self) -> None:
        """Ask for a new token."""
        await self._put(Refresh())

    async def drop_connection(self) -> None:
        """Break the connection, as a bad network would."""
        if self._socket is not None:
            await self._socket.close()

    # -- hearing -------------------------------------------------------------------------------------------------

    async def _run(self) -> None:
        tries = 0
        while self.goodbye is None:
            try:
                async with self._http.ws_connect(
                    f"{self.url}/rooms/{self.room}/sync", protocols=[PROTOCOL], ssl=self.trust or True, max_msg_size=0
                ) as socket:
                    tries = 0
                    await self._talk(socket)
            except (aiohttp.ClientError, ConnectionError, TimeoutError):
                pass
            except EvidenceBroken as error:
                await self._hear(Goodbye(code="evidence_broken", text=str(error)))
            await asyncio.sleep(RECONNECT_PAUSES_S[min(tries, len(RECONNECT_PAUSES_S) - 1)])
            tries += 1

    async def _talk(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        proof = sign_join(self.key.private, self.token)
        join = Join(token=self.token, have=self.record.have, key=self.key.fingerprint, proof=proof)
        await socket.send_bytes(pack(join))
        async for message in socket:
            if message.type is aiohttp.WSMsgType.BINARY:
                frame = unpack_to_seat(message.data)
                if isinstance(frame, Welcome):
                    self._socket = socket
                    for waiting in list(self._unanswered.values()):
                        await self._put(waiting)
                await self._hear(frame)
        self._socket = None

    async def _hear(self, frame: AnyToSeat) -> None:  # noqa: C901  # routes only: one case a frame
        self.heard.append(frame)
        match frame:
            case Welcome():
                self._n = max(self._n, frame.last_n)
                self.cells = {cell.cell: cell for cell in frame.cells}
            case Lines():
                self.record.take_lines(frame)
            case CheckpointSigned():
                self.record.take_checkpoint(frame)
                self._welcomed.set()
            case Accepted():
                self._resolve(frame)
            case Refused():
                self._reject(frame)
            case CellSaved():
                self.cells[frame.cell.cell] = frame.cell
            case Progress():
                self.progress[frame.alias] = frame
            case Presence():
                self.connected = frame.connected
            case FreshToken():
                self.token = frame.token
            case Goodbye():
                self._part(frame)
        async with self._changed:
            self._changed.notify_all()

    def _resolve(self, accepted: Accepted) -> None:
        answer = self._answers.get(accepted.n)
        if answer is not None and not answer.done():
            answer.set_result(accepted)

    def _reject(self, refused: Refused) -> None:
        answer = self._answers.get(refused.n) if refused.n is not None else None
        if answer is not None and not answer.done():
            answer.set_exception(SeatRefused(refused.code, refused.text))

    def _part(self, goodbye: Goodbye) -> None:
        """A goodbye for good ends the seat; others are followed by a new connection."""
        if goodbye.code in ("server_stopping", "room_stopped", "too_slow", "store_unavailable"):
            return
        self.goodbye = goodbye
        self._welcomed.set()
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(SeatRefused(goodbye.code, goodbye.text))

    async def _put(self, frame: AnyFromSeat) -> None:
        """Send if connected; what must arrive is sent again after the next welcome."""
        if self._socket is not None and not self._socket.closed:
            with suppress(ConnectionError):
                await self._socket.send_bytes(pack(frame))


async def enter(
    http: aiohttp.ClientSession, url: str, code: str, trust: ssl.SSLContext | None = None
) -> dict[str, str]:
    """Redeem an entry code: `room`, `alias`, `role`, `venue`, `token`.

    Raises:
        SeatRefused: the code leads nowhere.
    """
    async with http.post(f"{url}/api/entry", json={"code": code}, ssl=trust or True) as response:
        answer: dict[str, str] = await response.json()
        if response.status != 200:
            raise SeatRefused(answer["code"], answer["text"])
        return answer
