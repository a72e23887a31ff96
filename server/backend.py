"""Store and secrets, which the server and the command line share: opened, checked and put together here."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from msgspec import Struct

from server.auth.certificates import issue_command_certificate
from server.auth.codes import EntryCodes
from server.auth.document_certificates import issue_document_certificate
from server.auth.keyring import Keyring, open_keyring, open_seal, open_timestamp_key, open_venue_issuer
from server.auth.tries import Tries
from server.auth.x509_authority import last_crl
from server.domain.ids import Alias, Digest, Millis, RoomId, VenueId
from server.domain.state import RoomState
from server.evidence.cosignatures import Cosigner
from server.evidence.notes import NoteSigner
from server.reports.report_inputs import opened
from server.reports.timestamps import EmbeddedTimestamps
from server.session.new_rooms import NewRooms
from server.session.papers import PaperKeys
from server.session.record import Record, read_record
from server.settings import Settings
from server.store import promise
from server.store.access_codes import AccessCodes
from server.store.connection import Store
from server.store.embedded_valkey import EmbeddedValkey
from server.store.encryption import load_master_key
from server.store.errors import FolderInUse, StoreNotStarted
from server.store.files import RoomFiles
from server.store.piece_files import PieceFiles
from server.store.recording_keys import RecordingKeys
from server.store.room_log import RoomLog
from server.store.rooms import Rooms
from server.store.signed_heads import SignedHeads
from server.web.static_files import client_digest

WITNESS_NAME: Final = "lianping/witness"

LAST_CRL_LIFETIME: Final = timedelta(days=7000)
"Of the revocation lists in a sealed report: its leaves are at their end, and nobody asks for a newer list."


class PromiseBroken(StoreNotStarted):
    """The store would lose accepted commands."""


def now() -> Millis:
    """The server's clock."""
    return Millis(time.time_ns() // 1_000_000)


class Backend(Struct, frozen=True, kw_only=True):
    """Store and secrets: what the server and the command line share."""

    settings: Settings
    url: str
    store: Store
    keyring: Keyring
    rooms: Rooms
    log: RoomLog
    heads: SignedHeads
    files: RoomFiles
    codes: EntryCodes
    wrong_passes: Tries
    "Of encoders and players."

    @property
    def keys_folder(self) -> Path:
        """Where the secrets lie."""
        return self.settings.data / "keys"

    @property
    def recordings(self) -> PieceFiles:
        """Where the recordings lie."""
        return PieceFiles(self.settings.data / "recordings", self.rooms, self.recording_keys)

    @property
    def recording_keys(self) -> RecordingKeys:
        """What they are sealed with."""
        return recording_keys(self.settings)

    @property
    def operators_folder(self) -> Path:
        """Where the operators' accounts lie."""
        return self.settings.data / "operators"

    @property
    def new_rooms(self) -> NewRooms:
        """What opening a room takes."""
        return NewRooms(
            rooms=self.rooms,
            log=self.log,
            files=self.files,
            recording_keys=self.recording_keys,
            codes=self.codes,
            issuing_certificate=self.issuing_certificate,
            log_key=lambda room: self.log_signer(room).key.vkey,
            witness=self.witness.key.vkey,
            client=self.client,
            records=self.settings.media,
            clock=now,
        )

    async def read_record(self, room: RoomId) -> Record:
        """A room's record as its log holds it now.

        Raises:
            RoomUnknown: there is no such room.
            EvidenceBroken: its log contradicts itself.
        """
        return await read_record(room, self.log)

    def log_signer(self, room: RoomId) -> NoteSigner:
        """The key that signs a room's heads, under the room's name."""
        return NoteSigner(f"lianping/rooms/{room}", self.keyring.log)

    @property
    def witness(self) -> Cosigner:
        """The witness of this process."""
        return Cosigner(WITNESS_NAME, self.keyring.witness)

    def issuing_certificate(self, venue: VenueId) -> bytes:
        """The DER certificate of a venue's issuing key, which is made when first asked for."""
        certificate = open_venue_issuer(self.keys_folder, venue, now()).certificate
        return certificate.public_bytes(serialization.Encoding.DER)

    @property
    def client(self) -> Digest | None:
        """The digest of the client that is served; none where none is built."""
        page = self.settings.page
        return client_digest(page) if (page / "index.html").exists() else None

    def certify(self, room: RoomId, venue: VenueId, alias: Alias, spki: bytes, at: Millis) -> bytes:
        """A command certificate, issued by the venue where the person sits."""
        issuer = open_venue_issuer(self.keys_folder, venue, at)
        return issue_command_certificate(issuer, room=room, alias=alias, spki=spki, now=at)

    def certify_document(self, room: RoomState, alias: Alias, spki: bytes, name: str, at: Millis) -> bytes:
        """A document certificate, issued by the venue where the person sits; it bears this name."""
        issuer = open_venue_issuer(self.keys_folder, room.seats[alias].venue, at)
        return issue_document_certificate(issuer, room=opened(room).room, alias=alias, name=name, spki=spki, now=at)

    @property
    def paper_keys(self) -> PaperKeys:
        """What the venues sign documents with."""
        folder = self.keys_folder
        return PaperKeys(
            seal=partial(open_seal, folder),
            timestamps=lambda venue: EmbeddedTimestamps(open_timestamp_key(folder, venue, now()), now),
            last_crl=lambda venue: last_crl(open_venue_issuer(folder, venue, now()), now(), LAST_CRL_LIFETIME),
        )


def recording_keys(settings: Settings) -> RecordingKeys:
    """What the recordings of all rooms are sealed with, or the notes that they were destroyed; needs no store."""
    return RecordingKeys(settings.data / "keys" / "recordings")


async def own_store(data: Path, stack: AsyncExitStack, lock_wait_s: float = 2.0) -> str:
    """The address of the private store in the data folder, started here."""
    address = data / "store.url"
    embedded = await stack.enter_async_context(EmbeddedValkey(data / "store", lock_wait_s=lock_wait_s))
    address.touch(mode=0o600)
    address.write_text(embedded.url)
    stack.callback(address.unlink, missing_ok=True)
    return embedded.url


async def shared_store(data: Path, stack: AsyncExitStack) -> str:
    """The address of the private store in the data folder: started here, or that of the server that runs on it.

    For a short command only: the store ends with whoever started it.
    """
    try:
        return await own_store(data, stack, lock_wait_s=0.2)
    except FolderInUse:
        address = data / "store.url"
        if not address.exists():
            raise
        return address.read_text()


FindStore = Callable[[Path, AsyncExitStack], Awaitable[str]]


@asynccontextmanager
async def open_backend(settings: Settings, find_store: FindStore = shared_store) -> AsyncIterator[Backend]:
    """Store and secrets; without a Redis address `find_store` says where the private store is.

    Raises:
        StoreNotStarted: it cannot be opened, or does not keep its promise.
        LoosePermissions, SecretsDamaged: the secrets cannot be trusted.
    """
    async with AsyncExitStack() as stack:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        keyring = open_keyring(settings.data / "keys")
        master_key = load_master_key(settings.data / "keys" / "master.key")
        url = settings.redis_url or await find_store(settings.data, stack)
        store = await stack.enter_async_context(Store(url))
        facts = await promise.check(store)
        if not facts.is_kept:
            raise PromiseBroken(" ".join(facts.sentences))
        rooms, codes = Rooms(store, master_key), AccessCodes(store, master_key)
        writer = await stack.enter_async_context(Store(url, connections=8))
        yield Backend(
            settings=settings,
            url=url,
            store=store,
            keyring=keyring,
            rooms=rooms,
            log=RoomLog(writer, rooms),
            heads=SignedHeads(store),
            files=RoomFiles(settings.data / "files", rooms),
            codes=EntryCodes(keyring.code, codes),
            wrong_passes=Tries(codes, kind="pass-"),
        )
