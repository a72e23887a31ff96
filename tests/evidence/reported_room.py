"""A sitting with real reports: typeset, signed and sealed by the product's own papermaker with keys of the tests.

A test can be the host who has other papers made than the rules ask for: `doctor` shows the papermaker another room,
`forge` changes what it made before a line names it.
"""

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from msgspec.structs import replace

from server.auth.certified_keys import CertifiedKey
from server.auth.document_certificates import (
    issue_document_certificate,
    issue_seal_certificate,
    issue_timestamp_certificate,
)
from server.auth.x509_authority import last_crl
from server.demo.report_signing import handwriting
from server.domain import commands as c
from server.domain.committee import members
from server.domain.events import AnyEvent
from server.domain.fold import apply
from server.domain.gates import owes_annex
from server.domain.ids import Alias, Digest, LotId, Millis, RoomId, VenueId
from server.domain.lines import Line
from server.domain.moment import Moment, Papers, Received
from server.domain.phases import Phase
from server.domain.plan import DocumentFile, LotPlan, MemberNames, Policy
from server.domain.state import Report, RoomState
from server.evidence.command_signatures import sign_document
from server.evidence.merkle import leaf_hash
from server.evidence.report_files import report_files
from server.reports.pdf_signing import Prepared, signed_digest
from server.reports.timestamps import EmbeddedTimestamps
from server.session.papers import PaperKeys, Papermaker, paper_of
from server.session.signature_turns import SignatureTurns
from server.store.files import RoomFiles, document_file
from tests.evidence.signed_room import ISSUERS, Seats, SignedRoom, signed_opening, signed_package
from tests.support.room_plan import L2, LOT_TWO, ROOM
from tests.support.room_scenes import HOST, issue_report, run_to
from tests.support.room_world import START, TICK_MS, SeatKey, World
from tests.support.signed_pdf import TEN_YEARS

Bytes = tuple[bytes, ...]


class MemoryFiles(RoomFiles):
    """Files that are kept as long as the test lasts."""

    def __init__(self) -> None:
        self._kept: dict[Digest, bytes] = {}

    async def put(self, room: RoomId, data: bytes) -> DocumentFile:
        """Keep a file."""
        await asyncio.sleep(0)
        file = document_file(data)
        self._kept[file.sha256] = data
        return file

    async def get(self, room: RoomId, sha256: Digest) -> bytes:
        """A file's content."""
        await asyncio.sleep(0)
        return self._kept[sha256]


@cache
def seal_of(venue: VenueId, name: str) -> CertifiedKey:
    """A venue's seal."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = issue_seal_certificate(ISSUERS[venue], venue=venue, venue_name=name, key=key.public_key(), now=START)
    return CertifiedKey(key=key, certificate=certificate, issuer=ISSUERS[venue].certificate)


@cache
def stamp_key(venue: VenueId) -> CertifiedKey:
    """What a venue's time stamps are signed with."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = issue_timestamp_certificate(ISSUERS[venue], venue=venue, key=key.public_key(), now=START)
    return CertifiedKey(key=key, certificate=certificate, issuer=ISSUERS[venue].certificate)


class PaperWorld(World):
    """A world whose documents are real, and whose document keys are certified."""

    def __init__(self, events: list[AnyEvent]) -> None:
        self.files = MemoryFiles()
        self.turns = SignatureTurns(clock=lambda: 0.0)
        self.papermaker = Papermaker(self.files, self.paper_keys, self.turns)
        self.doctor: Callable[[c.AnyCommand, RoomState], RoomState] = lambda command, room: room
        self.forge: Callable[[c.AnyCommand, Bytes], Bytes] = lambda command, files: files
        self.received: Received | None = None
        "The command that papers are made for."
        super().__init__(events)

    def rewind(self, other: "PaperWorld", entries: int) -> None:
        """Become another world as it was after so many entries, with the same keys and files."""
        for entry in other.entries[1:entries]:
            self.entries.append(entry)
            for line in entry:
                raw = other.raw[line.seq]
                self.raw.append(raw)
                self.lines.append(line)
                self.tree.append(leaf_hash(raw))
                self.room = apply(self.room, line)
            self.ledger.take(entry)
        self.now = self.lines[-1].head.at
        self.keys, self._key_count = dict(other.keys), other._key_count + 1000 + len(other.raw)
        self.random.seed(len(self.raw))
        self.files = other.files
        self.papermaker = Papermaker(self.files, self.paper_keys, self.turns)

    @property
    def paper_keys(self) -> PaperKeys:
        """The venues' keys, all held by the host."""
        return PaperKeys(
            seal=lambda venue, name, _: seal_of(venue, name),
            timestamps=lambda venue: EmbeddedTimestamps(stamp_key(venue), self.soon),
            last_crl=lambda venue: last_crl(ISSUERS[venue], self.soon(), TEN_YEARS),
        )

    def soon(self) -> Millis:
        """When the next line will be written."""
        return Millis(self.now + TICK_MS)

    def moment(self, received: Received, *rest: Any) -> Moment:
        moment = replace(super().moment(received, *rest), now=self.soon())
        if isinstance(received.command, c.EnrolDocumentKey):
            alias = received.envelope.by
            spki, person = received.command.spki, self.room.people[alias].name
            by_alias = self.room.signs_under_aliases
            certify = partial(document_certificate, self.room, alias, spki, self.soon())
            named = certify(name=person) if by_alias else None
            return replace(moment, certificate=certify(name=alias if by_alias else person), named_certificate=named)
        return moment

    def decided(self, received: Received) -> list[AnyEvent]:
        self.received = received
        return super().decided(received)

    def papers(self, command: c.AnyCommand) -> Papers:
        return asyncio.run(self._papers(self.asked))

    @property
    def asked(self) -> Received:
        """The command that papers are being made for."""
        if self.received is None:
            raise AssertionError("papers are made for a received command")
        return self.received

    async def _papers(self, received: Received) -> Papers:
        command = received.command
        papers = await self.papermaker.make(received, self.doctor(command, self.room), self.moment(received))
        forged = await asyncio.to_thread(self.forge, command, await self._contents(command, papers))
        for data in forged:
            await self.files.put(ROOM, data)
        return replace(papers, files=tuple(map(document_file, forged)))

    async def _contents(self, command: c.AnyCommand, papers: Papers) -> Bytes:
        if isinstance(command, c.IssueReport | c.SignAnnex):  # the typeset one is kept only as a beginning of the next
            typeset, *kept = papers.files
            whole = [await self.files.get(ROOM, file.sha256) for file in kept]
            return whole[0][: typeset.size], *whole
        return tuple([await self.files.get(ROOM, file.sha256) for file in papers.files])

    def content(self, sha256: Digest) -> bytes:
        """A file that a line names."""
        return asyncio.run(self.files.get(ROOM, sha256))

    def annex(self, alias: Alias, lot: LotId) -> bytes:
        """The annex that a member is shown."""
        return asyncio.run(self.papermaker.annex(alias, lot, self.room, self.soon()))

    def prepared(self, alias: Alias, command: c.SignReport | c.SignAnnex) -> Prepared:
        """The revision that a member is given to sign; it is the member's turn."""

        async def take_turn() -> Prepared:
            turn = await self.turns.take(ROOM, paper_of(alias, command), alias, command.base)
            turn.prepared = await self.prepare(alias, command)
            return turn.prepared

        return asyncio.run(take_turn())

    async def prepare(self, alias: Alias, command: c.SignReport | c.SignAnnex) -> Prepared:
        """What the server makes of the member's handwriting."""
        return await self.papermaker.prepare(alias, command, handwriting(alias), self.room, self.soon())


class ReportedRoom(SignedRoom):
    """A signed room on a world with papers."""

    def __init__(
        self,
        *,
        seats: Seats | None = None,
        lots: dict[LotId, LotPlan] | None = None,
        world: type[PaperWorld] = PaperWorld,
        events: list[AnyEvent] | None = None,
    ) -> None:
        self.world: PaperWorld = world(events or signed_opening(seats=seats, lots=lots))
        self.sizes: list[int] = []
        self.document_keys: dict[Alias, SeatKey] = {}

    def to(self, phase: Phase) -> None:
        """Everybody is seated and the room is brought on; no further than to the signing."""
        if not any(seat.confirmed for seat in self.world.room.seats.values()):
            self.enrol_all()
        run_to(self.world, phase)

    def issue(self, lot: LotId = L2) -> None:
        """The chair fixes the report, for the first time or again."""
        issue_report(self.world, lot)

    def report(self, lot: LotId = L2) -> Report:
        """The lot's report as it stands."""
        report = self.world.room.lots[lot].report
        if report is None:
            raise AssertionError("there is no report yet")
        return report

    def certify(self, alias: Alias, key: SeatKey | None = None) -> None:
        """A member's device has its document key certified."""
        self.document_keys[alias] = key or self.world.document_key()
        self.world.act(alias, c.EnrolDocumentKey(spki=self.document_keys[alias].spki))

    def sign(self, alias: Alias | str, dissent: str = "", lot: LotId = L2) -> None:
        """A member signs the latest revision."""
        alias = Alias(alias)
        if alias not in self.world.room.document_keys:
            self.certify(alias)
        report = self.report(lot)
        if report.latest is None:
            raise AssertionError("there is nothing to sign")
        base = report.latest.sha256
        wish = c.SignReport(
            lot=lot, version=report.version, base=base, document=base, signature=bytes(64), dissent=dissent
        )
        attributes = self.world.prepared(alias, wish).attributes
        signature = sign_document(self.document_keys[alias].private, attributes)
        document = Digest(signed_digest(attributes).hex())
        self.world.act(alias, replace(wish, document=document, signature=signature))

    def sign_annex(self, alias: Alias | str, lot: LotId = L2) -> None:
        """A member signs the own annex."""
        alias = Alias(alias)
        base = Digest(hashlib.sha256(self.world.annex(alias, lot)).hexdigest())
        version = self.report(lot).version
        wish = c.SignAnnex(lot=lot, version=version, base=base, document=base, signature=bytes(64))
        attributes = self.world.prepared(alias, wish).attributes
        signature = sign_document(self.document_keys[alias].private, attributes)
        document = Digest(signed_digest(attributes).hex())
        self.world.act(alias, replace(wish, document=document, signature=signature))

    def refuse(self, alias: Alias | str, dissent: str = "", lot: LotId = L2) -> None:
        """A member does not sign; without a dissent the chair minutes it."""
        version = self.report(lot).version
        self.world.act(alias, c.RefuseReport(lot=lot, version=version, dissent=dissent))
        if not dissent:
            command = c.MinuteRefusal(lot=lot, version=version, member=Alias(alias), minute=f"拒签说明·{alias}·")
            self.world.act(self.world.room.chair or HOST, command)

    def sign_all(self, lot: LotId = L2) -> None:
        """Everybody signs who has not ended the signing."""
        for alias in members(self.world.room):
            if alias not in self.report(lot).ends:
                self.sign(alias, lot=lot)
            if owes_annex(alias, self.report(lot), self.world.room):
                self.sign_annex(alias, lot)

    def seal(self, lot: LotId = L2) -> None:
        """The chair closes the signing."""
        self.world.act(self.world.room.chair or HOST, c.SealReport(lot=lot, version=self.report(lot).version))

    def close(self) -> None:
        """The host closes the room; its last head is signed."""
        self.world.act(HOST, c.CloseRoom(reason="评审结束"))
        self.sign_head()

    def before(self, command: type[c.AnyCommand], world: type[PaperWorld] = PaperWorld) -> "ReportedRoom":
        """This room as it was before the last command of a kind: from there a test goes another way."""
        number = max(at for at, entry in enumerate(self.world.entries) if isinstance(command_of(entry), command))
        earlier = ReportedRoom(world=world, events=[line.event for line in self.world.entries[0]])
        earlier.world.rewind(self.world, number)
        earlier.document_keys = dict(self.document_keys)
        return earlier

    def files(self) -> dict[str, bytes]:
        """The report files that belong in the package."""
        return {
            name: self.world.content(each.last.file.sha256) for name, each in report_files(self.world.lines).items()
        }

    def package(self) -> bytes:
        return signed_package(self.world.raw, self.sizes, reports=self.files())


def command_of(entry: Sequence[Line]) -> c.AnyCommand | None:
    """The command of an entry; none of the opening."""
    return next((c.parse_command(line.head.signed.text)[1] for line in entry if line.head.signed), None)


def document_certificate(
    room: RoomState,
    alias: Alias,
    spki: bytes,
    now: Millis,
    *,
    issuer: VenueId | None = None,
    name: str | None = None,
) -> bytes:
    """The certificate of a member's document key, of the person or with another name, issued by their venue or not."""
    venue = issuer or room.seats[alias].venue
    name = name or room.people[alias].name
    return issue_document_certificate(ISSUERS[venue], room=ROOM, alias=alias, name=name, spki=spki, now=now)


Change = Callable[[ReportedRoom], None]


def reported(
    *steps: Change,
    lots: Mapping[LotId, LotPlan] | None = None,
    world: type[PaperWorld] = PaperWorld,
    names: MemberNames = MemberNames.AT_SIGNING,
) -> ReportedRoom:
    """A room over one lot, brought to the lock; then whatever the steps do."""
    policy = Policy(member_names=names, retention_years=15)
    room = ReportedRoom(world=world, events=signed_opening(lots=dict(lots or {L2: LOT_TWO}), policy=policy))
    room.to(Phase.LOCKED)
    for step in steps:
        step(room)
    return room


def plain_end(room: ReportedRoom) -> None:
    """The report is issued, signed by all, sealed; the room is closed."""
    for step in (room.issue, room.sign_all, room.seal, room.close):
        step()


DISSENT, OTHER_DISSENT = "报价分析依据不足。\n技术分差距过大：𬱖、\\(a)\\。", "不同意排序。"


def every_end(room: ReportedRoom) -> None:
    """A report issued again after two have signed; then each of the four ends."""
    room.issue()
    room.sign("E2")
    room.sign("E3", DISSENT)
    room.issue()
    room.sign("E3", DISSENT)
    room.refuse("E4", OTHER_DISSENT)
    room.refuse("R1")
    room.sign_all()
    room.seal()
    room.close()


@cache
def plainly_reported() -> ReportedRoom:
    """Everybody signs. Not to be changed."""
    return reported(plain_end)


@cache
def fully_reported() -> ReportedRoom:
    """Every end, and a superseded version. Not to be changed."""
    return reported(every_end)


def end_under_aliases(room: ReportedRoom) -> None:
    """A report under aliases, issued again after one has signed it and an annex; who refuses has no annex."""
    room.issue()
    room.sign("E2")
    room.sign_annex("E2")
    room.issue()
    room.sign("E3", DISSENT)
    room.sign_annex("E3")
    room.refuse("E4", OTHER_DISSENT)
    room.refuse("R1")
    room.sign_all()
    room.seal()
    room.close()


@cache
def reported_under_aliases() -> ReportedRoom:
    """Every end where the report bears aliases. Not to be changed."""
    return reported(end_under_aliases, names=MemberNames.NEVER)
