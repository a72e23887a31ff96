"""Rooms on the real store without the web edge: seats sign, live rooms decide, append and fold."""

import asyncio
import hashlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from msgspec import Struct
from msgspec.structs import replace

from server.backend import Backend, now, open_backend
from server.demo.report_signing import handwriting
from server.demo.script import next_act
from server.demo.seat_client import SeatKey
from server.domain.commands import (
    AnyCommand,
    EnrolDocumentKey,
    EnrolSeat,
    Envelope,
    SignAnnex,
    SignReport,
    command_fields,
)
from server.domain.errors import Rejection
from server.domain.ids import Alias, Digest, Millis, RoomId
from server.domain.plan import RoomRef, SeenTree, SignedCommand
from server.domain.roles import OPERATORS
from server.domain.state import RoomState
from server.evidence.canonical import canonical
from server.evidence.command_signatures import sign_command, sign_document
from server.reports.pdf_signing import signed_digest
from server.room_desk import create_room
from server.session.frames import Accepted
from server.session.live_rooms import LiveRooms
from server.session.papers import Papermaker
from server.session.room_session import RoomSession
from server.session.server_notes import ServerNotes, never_recorded, no_last_words
from server.session.signature_desk import AnnexRequest, SignatureDesk, SignatureRequest
from server.session.signature_turns import SignatureTurns
from server.session.surroundings import Surroundings
from server.settings import Settings
from server.store.connection import Store
from server.store.log_reader import LogReader
from server.store.room_log import RoomLog
from server.tender.bid_files import WholeTender
from tests.support.live_server import ACTS, TEXTBOOK

QUICK = (0.0,) * 5
"Pauses of `settle` where nothing takes time."


class Given(Struct, frozen=True):
    """A command and its answer."""

    alias: Alias
    signed: SignedCommand
    accepted: Accepted


class Desk:
    """One room, live on one node, and the keys of all its seats."""

    def __init__(
        self,
        backend: Backend,
        rooms: LiveRooms,
        room: RoomId,
        keys: dict[Alias, SeatKey],
        signatures: SignatureDesk,
    ) -> None:
        self.backend = backend
        self.rooms = rooms
        self.room_id = room
        self.keys = keys
        self.signatures = signatures
        self.document_keys: dict[Alias, SeatKey] = {}
        self.given: list[Given] = []
        "Every accepted command, in order."

    async def session(self) -> RoomSession:
        """The live room; opened from its log if it had stopped."""
        return await self.rooms.session(self.room_id)

    async def sign(self, alias: Alias, command: AnyCommand, *, n: int | None = None, seen: int = 0) -> SignedCommand:
        """What the seat's page would send that holds everything, or `seen` lines."""
        record = (await self.session()).record
        key = self.keys.setdefault(alias, SeatKey())
        size = seen or record.size
        envelope = Envelope(
            room=RoomRef(id=self.room_id, first=record.root_at(1)),
            by=alias,
            n=n or record.ledger.last_n(key.fingerprint) + 1,
            seen=SeenTree(size=size, root=record.root_at(size)),
            nonce=secrets.token_bytes(16),
        )
        text = canonical(command_fields(envelope, command)).decode()
        return SignedCommand(text=text, key=key.fingerprint, signature=sign_command(key.private, text))

    async def refusal(self, alias: Alias, command: AnyCommand) -> str:
        """The code with which a command is refused."""
        try:
            await self.act(alias, command)
        except Rejection as refused:
            return refused.code
        return "accepted"

    async def certify(self, alias: Alias) -> Given:
        """Have a member's document key certified."""
        return await self.act(alias, EnrolDocumentKey(spki=self.document_keys.setdefault(alias, SeatKey()).spki))

    async def signature(self, alias: Alias, wish: SignReport) -> SignReport:
        """The command with which a member signs the report's latest revision."""
        session = await self.session()
        request = SignatureRequest(
            version=wish.version, base=wish.base, strokes=handwriting(alias), dissent=wish.dissent
        )
        prepared = await self.signatures.prepare(session, alias, wish.lot, request)
        return replace(
            wish,
            document=Digest(signed_digest(prepared.attributes).hex()),
            signature=sign_document(self.document_keys[alias].private, prepared.attributes),
        )

    async def annex_signature(self, alias: Alias, wish: SignAnnex) -> SignAnnex:
        """The command with which a member signs the own annex."""
        session = await self.session()
        shown = await self.signatures.annex(session, alias, wish.lot, wish.version)
        base = Digest(hashlib.sha256(shown).hexdigest())
        request = AnnexRequest(version=wish.version, base=base, strokes=handwriting(f"{alias} by name"))
        prepared = await self.signatures.prepare_annex(session, alias, wish.lot, request)
        return replace(
            wish,
            base=base,
            document=Digest(signed_digest(prepared.attributes).hex()),
            signature=sign_document(self.document_keys[alias].private, prepared.attributes),
        )

    async def act(self, alias: Alias, command: AnyCommand) -> Given:
        """Sign and submit; reports and annexes are signed for real."""
        match command:
            case SignReport():
                command = await self.signature(alias, command)
            case SignAnnex():
                command = await self.annex_signature(alias, command)
            case _:
                pass
        return await self.submit(alias, await self.sign(alias, command))

    async def submit(self, alias: Alias, signed: SignedCommand) -> Given:
        """Submit a signed command."""
        given = Given(alias, signed, await (await self.session()).submit(alias, signed))
        self.given.append(given)
        return given

    async def next_command(self) -> tuple[Alias, AnyCommand] | None:
        """What is to be done next, and by whom; nothing at the end."""
        room = (await self.session()).room
        in_turn = sorted(room.seats, key=lambda each: room.seats[each].role not in OPERATORS)
        for alias in in_turn:
            if room.seats[alias].key is None:
                return alias, EnrolSeat(spki=self.keys.setdefault(alias, SeatKey()).spki)
        for alias in in_turn:
            command = next_act(room, alias, ACTS)
            if isinstance(command, SignReport | SignAnnex) and alias not in room.document_keys:
                return alias, EnrolDocumentKey(spki=self.document_keys.setdefault(alias, SeatKey()).spki)
            if command is not None:
                return alias, command
        return None

    async def play(self, until: Callable[[RoomState], object] = lambda _: False) -> None:
        """Do what is to be done, up to a condition or the end."""
        while not until((await self.session()).room) and (due := await self.next_command()):
            await self.act(*due)

    async def size(self) -> int:
        """Lines in the log."""
        return sum(len(entry.lines) for entry in await self.backend.log.read(self.room_id))


@asynccontextmanager
async def open_node(
    backend: Backend,
    *,
    writer_url: str | None = None,
    reader_url: str | None = None,
    papers: Papermaker | None = None,
    clock: Callable[[], Millis] = now,
    enforce: Callable[[RoomId, RoomState], Awaitable[None]] | None = None,
    last_words: Callable[[RoomId], Awaitable[ServerNotes]] = no_last_words,
) -> AsyncIterator[LiveRooms]:
    """The live rooms of one node, which may reach the store by other ways than the backend."""
    async with (
        Store(writer_url or backend.url) as writer,
        LogReader(reader_url or backend.url, backend.rooms) as reader,
    ):
        log = RoomLog(writer, backend.rooms, settle_pauses_s=QUICK)
        around = Surroundings(
            log=log,
            clock=clock,
            certify=backend.certify,
            certify_document=backend.certify_document,
            make_papers=(papers or Papermaker(backend.files, backend.paper_keys, SignatureTurns())).make,
            enforce=enforce or _nothing,
            last_words=last_words,
            record_on=never_recorded,
        )
        async with LiveRooms(
            around, reader, backend.heads, log_signer=backend.log_signer, witness=backend.witness
        ) as rooms:
            yield rooms


@asynccontextmanager
async def open_desk(
    settings: Settings, *, writer_url: str | None = None, whole: WholeTender = TEXTBOOK
) -> AsyncIterator[Desk]:
    """A new room, live on one node."""
    turns = SignatureTurns()
    async with open_backend(settings) as backend:
        papers = Papermaker(backend.files, backend.paper_keys, turns)
        async with open_node(backend, writer_url=writer_url, papers=papers) as rooms:
            yield Desk(backend, rooms, await create_room(backend, whole), {}, SignatureDesk(papers, turns, now))


async def _nothing(room_id: RoomId, room: RoomState) -> None:
    await asyncio.sleep(0)
