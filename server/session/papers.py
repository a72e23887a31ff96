"""Makes the documents of a room's reports and annexes: typeset and certified, signed by a member, sealed.

Each is on disk before `decide` gives a line that names it. The work is done beside the event loop.
"""

import asyncio
from collections.abc import Callable
from functools import partial

from msgspec import Struct

from server.domain.commands import IssueReport, SealReport, SignAnnex, SignReport
from server.domain.events import RoomOpened
from server.domain.ids import Alias, LotId, Millis, RoomId, VenueId
from server.domain.moment import Moment, Papers, Received
from server.domain.plan import DocumentFile
from server.domain.state import Report, RoomState
from server.reports.annex_document import annex_document
from server.reports.document import ReportDocument
from server.reports.handwriting import Handwriting
from server.reports.paper_kinds import ANNEX, REPORT, PaperKind
from server.reports.pdf_signing import (
    ArchiveMaterial,
    Prepared,
    add_fields_and_certify,
    finish,
    prepare,
    seal_and_archive,
    signed_digest,
)
from server.reports.report_document import report_document
from server.reports.report_inputs import main_venue, opened, report_facts
from server.reports.signature_words import ANNEX_SIGNED, member_reason
from server.reports.signing_record import render_signing_record
from server.reports.signing_rows import signing_record_of
from server.reports.subject import field_of
from server.reports.timestamps import CertifiedKey, EmbeddedTimestamps
from server.reports.typesetting import renderer
from server.session.signature_turns import Paper, SignatureTurns, SigningLapsed
from server.store.files import RoomFiles, document_file


class PaperKeys(Struct, frozen=True, kw_only=True):
    """What the venues sign documents with, by venue."""

    seal: Callable[[VenueId, str, Millis], CertifiedKey]
    "Its electronic seal; the second argument is the venue's name, the third when it is put on a document."
    timestamps: Callable[[VenueId], EmbeddedTimestamps]
    last_crl: Callable[[VenueId], bytes]
    "A revocation list (DER) of the venue's issuing key with a far end."


class ShownAnnex(Struct, frozen=True, kw_only=True):
    """The annex that a member was shown; no line names it before it is signed."""

    version: int
    "Of the report."
    typeset: DocumentFile
    certified: DocumentFile


def paper_of(alias: Alias, command: SignReport | SignAnnex) -> Paper:
    """The document that a member signs with a command."""
    return Paper(command.lot, alias if isinstance(command, SignAnnex) else None)


class Papermaker:
    """Makes what the commands of a signing ask for."""

    def __init__(self, files: RoomFiles, keys: PaperKeys, turns: SignatureTurns) -> None:
        self._files = files
        self._keys = keys
        self._turns = turns
        self._annexes: dict[tuple[RoomId, Paper], ShownAnnex] = {}

    async def make(self, received: Received, room: RoomState, moment: Moment) -> Papers:
        """The documents of a command that the rules allow.

        Raises:
            SigningLapsed: the revision to sign was prepared by an earlier process, or too long ago.
            DocumentSignatureBad: the signature is not the certified key's.
            FileMissing, StoreUnwritable: see `RoomFiles`.
        """
        match received.command:
            case IssueReport() as command:
                return await self._issue(command, room, moment)
            case SignReport() as command:
                signed = await self._signed(received.envelope.by, command, room)
                return Papers(files=(await self._files.put(opened(room).room, signed),))
            case SignAnnex() as command:
                return await self._sign_annex(received.envelope.by, command, room, moment)
            case SealReport() as command:
                return await self._seal(command, room, moment)
            case _:
                raise TypeError(f"{type(received.command).__name__} asks for no documents")

    # -- typeset and certify -------------------------------------------------------------------------------------

    async def _issue(self, command: IssueReport, room: RoomState, moment: Moment) -> Papers:
        document = report_document(room, command.lot, report_facts(command, room, moment))
        typeset, certified = await self._certified(REPORT, document, opened(room), moment.now)
        return Papers(files=(typeset, certified), renderer=renderer())

    async def annex(self, alias: Alias, lot: LotId, room: RoomState, now: Millis) -> bytes:
        """The annex for a member to read: the same one until it is signed, as long as this process lives.

        Raises:
            FileMissing, StoreUnwritable: see `RoomFiles`.
        """
        opening, version = opened(room), _report(room, lot).version
        place = opening.room, Paper(lot, alias)
        shown = self._annexes.get(place)
        if shown is None or shown.version != version:
            document = annex_document(room, lot, alias)
            typeset, certified = await self._certified(ANNEX, document, opening, now)
            shown = self._annexes[place] = ShownAnnex(version=version, typeset=typeset, certified=certified)
        return await self._files.get(opening.room, shown.certified.sha256)

    async def _certified(
        self, kind: PaperKind, document: ReportDocument, opening: RoomOpened, now: Millis
    ) -> tuple[DocumentFile, DocumentFile]:
        """The document as it was typeset, and with its fields and the main venue's certification, which is kept."""
        typeset, certified = await asyncio.to_thread(self._certify, kind, document, opening, now)
        return document_file(typeset), await self._files.put(opening.room, certified)

    def _certify(
        self, kind: PaperKind, document: ReportDocument, opening: RoomOpened, now: Millis
    ) -> tuple[bytes, bytes]:
        main = main_venue(opening)
        rendered = kind.render(document)
        certified = add_fields_and_certify(
            rendered.pdf,
            rendered.fields,
            self._keys.seal(main, opening.venues[main].name, now),
            self._keys.timestamps(main),
            reason=kind.issued,
            location=opening.venues[main].name,
            at=now,
        )
        return rendered.pdf, certified

    # -- a member's signature ------------------------------------------------------------------------------------

    async def prepare(
        self, alias: Alias, command: SignReport | SignAnnex, strokes: Handwriting, room: RoomState, now: Millis
    ) -> Prepared:
        """A revision with the member's handwriting for the key to sign; the member must have the turn.

        Raises:
            HandwritingUnusable: the strokes show nothing, or too much.
            SigningLapsed: the annex was shown by an earlier process, or belongs to an earlier report.
            FileMissing: the revision before is lost.
        """
        opening, venue = opened(room), room.seats[alias].venue
        if isinstance(command, SignAnnex):
            self._shown(alias, command, room)
        base = await self._files.get(opening.room, command.base)
        certificate, reason = signing_as(alias, command, room)
        return await asyncio.to_thread(
            partial(
                prepare,
                base,
                field=field_of(alias),
                certificate=certificate,
                issuer=opening.venues[venue].issuing_certificate,
                strokes=strokes,
                reason=reason,
                location=opening.venues[venue].name,
                at=now,
            )
        )

    async def _signed(self, alias: Alias, command: SignReport | SignAnnex, room: RoomState) -> bytes:
        """The prepared revision with the signature in it."""
        opening, paper = opened(room), paper_of(alias, command)
        prepared = self._turns.prepared(opening.room, paper, alias, command.base)
        try:
            if signed_digest(prepared.attributes).hex() != command.document:
                raise SigningLapsed
            base = await self._files.get(opening.room, command.base)
            stamper = self._keys.timestamps(main_venue(opening))
            return await asyncio.to_thread(finish, prepared, base, command.signature, stamper)
        finally:
            self._turns.end(opening.room, paper, alias)

    async def _sign_annex(self, alias: Alias, command: SignAnnex, room: RoomState, moment: Moment) -> Papers:
        """The annex is complete with one signature, and sealed at once."""
        opening, shown = opened(room), self._shown(alias, command, room)
        signed = await self._signed(alias, command, room)
        sealed = await asyncio.to_thread(self._sealed, ANNEX, signed, opening, moment.now)
        kept = await self._files.put(opening.room, sealed)
        return Papers(files=(shown.typeset, shown.certified, kept), renderer=renderer())

    def _shown(self, alias: Alias, command: SignAnnex, room: RoomState) -> ShownAnnex:
        """The annex that the command is about.

        Raises:
            SigningLapsed: it is not the one that this process has shown.
        """
        shown = self._annexes.get((opened(room).room, paper_of(alias, command)))
        if shown is None or (shown.version, shown.certified.sha256) != (command.version, command.base):
            raise SigningLapsed
        return shown

    # -- seal ----------------------------------------------------------------------------------------------------

    async def _seal(self, command: SealReport, room: RoomState, moment: Moment) -> Papers:
        opening, report = opened(room), _report(room, command.lot)
        if report.latest is None:
            raise TypeError("the rules let only a report be sealed")
        signed = await self._files.get(opening.room, report.latest.sha256)
        sealed = await asyncio.to_thread(self._sealed, REPORT, signed, opening, moment.now)
        record = signing_record_of(room, command.lot, moment, document_file(sealed).sha256)
        rendered = await asyncio.to_thread(render_signing_record, record)
        files = [await self._files.put(opening.room, data) for data in (sealed, rendered)]
        return Papers(files=tuple(files), renderer=renderer())

    def _sealed(self, kind: PaperKind, signed: bytes, opening: RoomOpened, now: Millis) -> bytes:
        main = main_venue(opening)
        material = ArchiveMaterial(
            authorities=tuple(venue.issuing_certificate for venue in opening.venues.values()),
            crls=tuple(self._keys.last_crl(venue) for venue in opening.venues),
        )
        return seal_and_archive(
            signed,
            self._keys.seal(main, opening.venues[main].name, now),
            self._keys.timestamps(main),
            material,
            reason=kind.sealed,
            location=opening.venues[main].name,
            at=now,
        )


def _report(room: RoomState, lot: LotId) -> Report:
    report = room.lots[lot].report
    if report is None:
        raise TypeError("the rules let only a report be signed")
    return report


def signing_as(alias: Alias, command: SignReport | SignAnnex, room: RoomState) -> tuple[bytes, str]:
    """The certificate that a member signs with, and why."""
    held = room.document_keys[alias]
    match command:
        case SignAnnex():
            if held.named is None:
                raise TypeError("the rules let only a named certificate sign an annex")
            return held.named, ANNEX_SIGNED
        case SignReport():
            return held.certificate, member_reason(command.dissent)
