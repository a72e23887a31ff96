"""A small real world: one room with its log, seats that sign with their own keys, a clock moved by hand.

All that the product does to a command happens here too (open, decide with draws, seal, fold), in memory and with
seeded salts, nonces and draws: the same seed and the same acts give the same bytes.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from random import Random

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec.structs import replace

from server.domain.commands import (
    AnyCommand,
    EnrolDocumentKey,
    EnrolSeat,
    Envelope,
    IssueReport,
    SealReport,
    SignAnnex,
    command_fields,
)
from server.domain.decide import decide
from server.domain.events import AnyEvent
from server.domain.fold import apply, fold
from server.domain.ids import SYSTEM, Alias, Digest, Millis
from server.domain.lines import SALT_SIZE, Line, parse_line
from server.domain.moment import Moment, Papers, PapersNeeded, Received
from server.domain.plan import DocumentFile, RoomRef, SeenTree, SignedCommand
from server.domain.scoring import DrawKind, DrawNeeded
from server.domain.state import EMPTY, RoomState, RoomView
from server.domain.visibility import is_visible, viewer_of
from server.evidence.canonical import canonical
from server.evidence.command_signatures import key_fingerprint, sign_command
from server.evidence.ledger import Ledger
from server.evidence.merkle import MerkleTree, leaf_hash
from server.evidence.sealing import document_key_of, open_command, seal
from tests.support.room_plan import ROOM, opening

START = Millis(1_774_400_000_000)
TICK_MS = 1_000


class SeatKey:
    """The key that a seat signs with now."""

    def __init__(self, secret: int) -> None:
        self.private = ec.derive_private_key(secret, ec.SECP256R1())
        self.spki = self.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.fingerprint = key_fingerprint(self.spki)


class World:
    """One room, from its opening on."""

    def __init__(self, events: Sequence[AnyEvent] | None = None, *, seed: int = 1) -> None:
        self.now = START
        self.raw: list[bytes] = []
        "The log: one line an event."
        self.lines: list[Line] = []
        self.entries: list[list[Line]] = []
        self.room: RoomState = EMPTY
        self.tree = MerkleTree()
        self.ledger = Ledger()
        self.keys: dict[Alias, SeatKey] = {}
        self.random = Random(seed)
        self._key_count = 0
        self.on_entry: Callable[[list[Line]], None] = lambda entry: None
        "Told of every entry after it has been folded."
        self._append(events or opening(), Alias("system"), None)

    # -- what a seat does --------------------------------------------------------------------------------------

    def act(self, alias: Alias | str, command: AnyCommand) -> list[Line]:
        """Sign a command and have it carried out: its lines."""
        return self.submit(self.sign(alias, command))

    def sign(
        self,
        alias: Alias | str,
        command: AnyCommand,
        *,
        n: int | None = None,
        seen: SeenTree | None = None,
        room: RoomRef | None = None,
    ) -> SignedCommand:
        """What the seat's page would send; `n`, `seen` and `room` as a good page would have them."""
        key = self.key_of(Alias(alias))
        envelope = Envelope(
            room=room or RoomRef(id=ROOM, first=self.root_at(1)),
            by=Alias(alias),
            n=self.ledger.last_n(key.fingerprint) + 1 if n is None else n,
            seen=seen or self.seen(),
            nonce=self.random.randbytes(16),
        )
        return signed_by(key, canonical(command_fields(envelope, command)).decode())

    def key_of(self, alias: Alias) -> SeatKey:
        """The alias's present key; a first one is made when it is asked for."""
        return self.keys[alias] if alias in self.keys else self.new_key(alias)

    def new_key(self, alias: Alias) -> SeatKey:
        """A fresh key in the alias's device, not enrolled yet."""
        self._key_count += 1
        self.keys[alias] = SeatKey(1_000_003 * self._key_count)
        return self.keys[alias]

    def document_key(self) -> SeatKey:
        """A fresh key to sign documents with."""
        self._key_count += 1
        return SeatKey(1_000_003 * self._key_count)

    # -- what the server does ------------------------------------------------------------------------------------

    def submit(self, signed: SignedCommand) -> list[Line]:
        """The lines of a signed command; those it has already, if it was accepted before.

        Raises:
            Rejection: the rules forbid it; nothing has changed.
        """
        received = open_command(signed, self.room)
        earlier = self.ledger.earlier_answer(received, signed)
        if earlier is not None:
            return self.lines[earlier.first : earlier.last + 1]
        return self._append(self.decided(received), received.envelope.by, signed)

    def attempt(self, alias: Alias | str, command: AnyCommand) -> list[AnyEvent]:
        """The events that a command would cause; the log stays as it is.

        Raises:
            Rejection: the rules forbid it.
        """
        return self.decided(open_command(self.sign(alias, command), self.room))

    def decided(self, received: Received) -> list[AnyEvent]:
        """Decide, making each draw and each document that turns out to be needed."""
        draws: dict[DrawKind, tuple[str, ...]] = {}
        papers: Papers | None = None
        while True:
            try:
                return decide(received, self.room, self.moment(received, draws, papers))
            except DrawNeeded as needed:
                draws[needed.kind] = tuple(self.random.sample(needed.among, len(needed.among)))
            except PapersNeeded:
                papers = self.papers(received.command)

    def papers(self, command: AnyCommand) -> Papers:
        """Documents that nobody typeset: only their names matter to the rules."""
        match command:
            case SignAnnex():
                shown = replace(self.document(), sha256=command.base)
                return Papers(files=(self.document(), shown, self.document()), renderer="typesetter 1")
            case IssueReport() | SealReport():
                return Papers(files=(self.document(), self.document()), renderer="typesetter 1")
            case _:
                return Papers(files=(self.document(),))

    def document(self) -> DocumentFile:
        """A document like no other."""
        return DocumentFile(sha256=Digest(self.random.randbytes(32).hex()), size=self.random.randrange(90_000, 99_000))

    def moment(
        self,
        received: Received,
        draws: dict[DrawKind, tuple[str, ...]] | None = None,
        papers: Papers | None = None,
    ) -> Moment:
        """Now, for a received command."""
        enrols = isinstance(received.command, EnrolSeat | EnrolDocumentKey)
        return Moment(
            now=self.now,
            size=len(self.raw),
            root_at=self.root_at,
            last_n=self.ledger.last_n(received.key),
            certificate=f"certificate of {received.envelope.by}".encode() if enrols else b"",
            named_certificate=self._named_certificate(received),
            document_key=document_key_of(received.command),
            papers=papers,
            draws=draws or {},
        )

    def _named_certificate(self, received: Received) -> bytes | None:
        """One that tells the name in few bytes, which tests find wherever they leak."""
        if not (self.room.signs_under_aliases and isinstance(received.command, EnrolDocumentKey)):
            return None
        name = self.room.people[received.envelope.by].name
        return hashlib.blake2b(name.encode(), digest_size=SALT_SIZE).digest()

    def note(self, *events: AnyEvent) -> list[Line]:
        """Write what the server itself has seen."""
        return self._append(events, SYSTEM, None)

    def force(self, by: Alias, *events: AnyEvent) -> list[Line]:
        """Write whatever events, as no honest server would."""
        return self._append(events, by, None)

    def root_at(self, size: int) -> Digest:
        """The root over the first `size` lines."""
        return Digest(self.tree.root(size).hex())

    def seen(self, size: int | None = None) -> SeenTree:
        """The tree as a page computed it that holds `size` lines, or all."""
        size = len(self.raw) if size is None else size
        return SeenTree(size=size, root=self.root_at(size))

    def _append(self, events: Sequence[AnyEvent], by: Alias, signed: SignedCommand | None) -> list[Line]:
        self.now = Millis(self.now + TICK_MS)
        salts = [self.random.randbytes(SALT_SIZE) for _ in events]
        raw = seal(events, by=by, at=self.now, first_seq=len(self.raw), salts=salts, signed=signed)
        entry = [parse_line(line) for line in raw]
        for line, parsed in zip(raw, entry, strict=True):
            self.raw.append(line)
            self.lines.append(parsed)
            self.tree.append(leaf_hash(line))
            self.room = apply(self.room, parsed)
        self.ledger.take(entry)
        self.entries.append(entry)
        self.on_entry(entry)
        return entry

    # -- what somebody sees --------------------------------------------------------------------------------------

    def visible(self, alias: Alias | str) -> list[Line]:
        """The lines that a viewer may hold now."""
        viewer = viewer_of(Alias(alias), self.room)
        return [line for line in self.lines if is_visible(line, viewer, self.room)]

    def view(self, alias: Alias | str) -> RoomView:
        """What those lines fold to."""
        return fold(self.visible(alias))


def signed_by(key: SeatKey, text: str) -> SignedCommand:
    """Any text, signed like a command."""
    return SignedCommand(text=text, key=key.fingerprint, signature=sign_command(key.private, text))


def types_of(lines: Iterable[Line]) -> list[str]:
    """The tags of some lines' events, in order."""
    return [str(type(line.event).__struct_config__.tag) for line in lines]
