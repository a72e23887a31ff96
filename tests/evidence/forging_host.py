"""A host that lies from the start: it has the documents made that it wants, and its lines and heads fit them.

It holds the main venue's issuing key, seal and time stamps, and signs every head. It does not hold the keys of another
venue's experts.
"""

import asyncio
from collections.abc import Callable

import msgspec
from cryptography.hazmat.primitives.serialization import Encoding
from msgspec.structs import replace

from server.demo.report_signing import handwriting
from server.domain import commands as c
from server.domain.ids import Alias, Millis
from server.domain.moment import Moment, Received
from server.domain.state import RoomState
from server.evidence.canonical import canonical
from server.evidence.command_signatures import sign_document
from server.reports.document import ReportDocument
from server.reports.pdf_signing import Prepared, add_fields_and_certify, finish, prepare
from server.reports.report_document import report_document
from server.reports.report_inputs import report_facts
from server.reports.report_pdf import PAGE_HEIGHT, RenderedReport, SignatureBox, render_report
from server.reports.signature_words import ISSUED, member_reason
from server.reports.signing_record import render_signing_record
from server.reports.signing_rows import signing_record_of
from server.reports.timestamps import EmbeddedTimestamps
from server.reports.typesetting import typeset
from server.session.papers import PaperKeys
from server.store.files import document_file
from tests.evidence.reported_room import (
    Bytes,
    PaperWorld,
    ReportedRoom,
    document_certificate,
    plainly_reported,
    seal_of,
    stamp_key,
)
from tests.evidence.signed_room import ISSUERS
from tests.support.room_plan import JIA, L2, YI
from tests.support.room_world import SeatKey

E2, E3 = Alias("E2"), Alias("E3")
"Two experts of another venue than the host's."

Forge = Callable[[ReportedRoom, c.AnyCommand, Bytes], Bytes]


def forged(kind: type[c.AnyCommand], forge: Forge) -> ReportedRoom:
    """The plain room, with what was made for one kind of command forged before the line names it."""
    room = plainly_reported().before(kind)
    room.world.forge = lambda command, files: forge(room, command, files) if isinstance(command, kind) else files
    return ended(room)


def doctored(
    kind: type[c.AnyCommand], doctor: Callable[[RoomState], RoomState], source: ReportedRoom | None = None
) -> ReportedRoom:
    """A room in which the papers of one kind of command are made for another room."""
    room = (source or plainly_reported()).before(kind)
    room.world.doctor = lambda command, state: doctor(state) if isinstance(command, kind) else state
    return ended(room)


def hosted(world: type[PaperWorld], *dissents: tuple[Alias, str]) -> ReportedRoom:
    """The plain room from the report on, by such a host; some members dissent."""
    room = plainly_reported().before(c.IssueReport, world)
    room.issue()
    for alias, dissent in dissents:
        room.sign(alias, dissent)
    return ended(room)


def ended(room: ReportedRoom) -> ReportedRoom:
    """Everybody signs who has not, the report is sealed, the room is closed."""
    if room.world.room.lots[L2].report is None:
        room.issue()
    room.sign_all()
    room.seal()
    room.close()
    return room


# -- other figures


def other_total(room: RoomState) -> RoomState:
    """The room with another winner's total."""
    lot = room.lots[L2]
    if lot.ranked is None:
        raise AssertionError("the lot is ranked")
    first, *others = lot.ranked.ranking.order
    ranking = replace(lot.ranked.ranking, order=(replace(first, total="69.9"), *others))
    return replace(room, lots={**room.lots, L2: replace(lot, ranked=replace(lot.ranked, ranking=ranking))})


def without_dissents(room: RoomState) -> RoomState:
    """The room in which nobody has written against the report."""
    lot = room.lots[L2]
    if lot.report is None:
        raise AssertionError("there is a report")
    return replace(room, lots={**room.lots, L2: replace(lot, report=replace(lot.report, dissents={}))})


def document_of(room: ReportedRoom, state: RoomState) -> ReportDocument:
    """What the report that is being made says in a room."""
    asked = room.world.asked
    if not isinstance(asked.command, c.IssueReport):
        raise AssertionError("a report is being made")
    return report_document(state, L2, report_facts(asked.command, room.world.room, room.world.moment(asked)))


def print_other_total(room: ReportedRoom, command: c.AnyCommand, files: Bytes) -> Bytes:
    """Pages that say another total than the data attached to them, which are right."""
    honest, lying = (document_of(room, state) for state in (room.world.room, other_total(room.world.room)))
    data = canonical(msgspec.to_builtins(honest))
    done = typeset("report.typ", lying, lying.at, data=data, mark="sig")
    boxes = [msgspec.convert(mark, SignatureBox) for mark in done.marks]
    from_below = tuple(replace(box, y=PAGE_HEIGHT - box.y - box.h) for box in boxes)
    return certified(room, RenderedReport(pdf=done.pdf, boxes=from_below))


def boxes_of(room: ReportedRoom) -> tuple[SignatureBox, ...]:
    """Where the members sign."""
    return render_report(document_of(room, room.world.room)).boxes


def certified(room: ReportedRoom, rendered: RenderedReport) -> Bytes:
    """Any report, certified as good ones are."""
    keys, name = room.world.paper_keys, "甲市"
    whole = add_fields_and_certify(
        rendered.pdf,
        rendered.fields,
        keys.seal(JIA, name, room.world.soon()),
        keys.timestamps(JIA),
        reason=ISSUED,
        location=name,
        at=room.world.soon(),
    )
    return rendered.pdf, whole


def refiled(room: ReportedRoom, sealed: bytes) -> Bytes:
    """Another sealed report, with the signing record that belongs to it."""
    moment = room.world.moment(room.world.asked)
    record = signing_record_of(room.world.room, L2, moment, document_file(sealed).sha256)
    return sealed, render_signing_record(record)


# -- other signatures


class Exchanging(PaperWorld):
    """It has E2 sign in E3's place and E3 in E2's."""

    async def prepare(self, alias: Alias, command: c.SignReport | c.SignAnnex) -> Prepared:
        """Another field than the member's own."""
        other = {E2: E3, E3: E2}.get(alias, alias)
        issuer = ISSUERS[self.room.seats[alias].venue].certificate.public_bytes(Encoding.DER)
        certificate = self.room.document_keys[alias].certificate
        base = await asyncio.to_thread(self.content, command.base)
        return await asyncio.to_thread(_prepared, self, base, f"Sign{other}", certificate, issuer)


class Muting(PaperWorld):
    """It leaves the dissent out of the signature."""

    async def prepare(self, alias: Alias, command: c.SignReport | c.SignAnnex) -> Prepared:
        """Another reason than the member's own."""
        muted = replace(command, dissent="") if isinstance(command, c.SignReport) else command
        return await super().prepare(alias, muted)


class Backdating(PaperWorld):
    """Its time stamps say a day before."""

    @property
    def paper_keys(self) -> PaperKeys:
        """The same keys with another clock; certificates of the day hold a little earlier, too."""
        honest = super().paper_keys
        return PaperKeys(
            seal=honest.seal,
            timestamps=lambda venue: EmbeddedTimestamps(stamp_key(venue), self.earlier),
            last_crl=honest.last_crl,
        )

    def earlier(self) -> Millis:
        """Six minutes before, when the certificates were good already."""
        return Millis(self.soon() - 6 * 60_000)


class Borrowing(PaperWorld):
    """It has another venue's seal put on the report."""

    @property
    def paper_keys(self) -> PaperKeys:
        """The seal of a sub-venue."""
        honest = super().paper_keys
        return PaperKeys(
            seal=lambda venue, name, at: seal_of(YI, "乙县"),
            timestamps=honest.timestamps,
            last_crl=honest.last_crl,
        )


class Certifying(PaperWorld):
    """It certifies E3's document key itself."""

    def moment(self, received: Received, *rest: object) -> Moment:
        """With a certificate by the wrong venue."""
        moment = super().moment(received, *rest)
        if not isinstance(received.command, c.EnrolDocumentKey) or received.envelope.by != E3:
            return moment
        own = document_certificate(self.room, E3, received.command.spki, self.soon(), issuer=JIA)
        return replace(moment, certificate=own)


class Drawing(PaperWorld):
    """It draws another hand than the member's."""

    async def prepare(self, alias: Alias, command: c.SignReport | c.SignAnnex) -> Prepared:
        """The strokes of somebody else."""
        return await self.papermaker.prepare(alias, command, handwriting(Alias("X")), self.room, self.soon())


def sign_in_their_place(room: ReportedRoom, command: c.AnyCommand, files: Bytes) -> Bytes:
    """E3's own signature stands in the command; the file holds one by a key that the host has certified."""
    world, twin = room.world, SeatKey(987_654_321)
    if not isinstance(command, c.SignReport) or world.asked.envelope.by != E3:
        return files
    certificate = document_certificate(world.room, E3, twin.spki, world.now, issuer=JIA)
    issuer, base = ISSUERS[JIA].certificate.public_bytes(Encoding.DER), world.content(command.base)
    half = _prepared(world, base, "SignE3", certificate, issuer)
    return (finish(half, base, sign_document(twin.private, half.attributes), world.paper_keys.timestamps(JIA)),)


def _prepared(world: PaperWorld, base: bytes, field: str, certificate: bytes, issuer: bytes) -> Prepared:
    return prepare(
        base,
        field=field,
        certificate=certificate,
        issuer=issuer,
        strokes=handwriting(E3),
        reason=member_reason(""),
        location="乙县",
        at=world.soon(),
    )
