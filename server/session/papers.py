"""Makes the documents of a room's reports: typeset and certified, signed by a member, sealed.

Each is on disk before `decide` gives a line that names it. The work is done beside the event loop.
"""

import asyncio
from collections.abc import Callable
from functools import partial

from msgspec import Struct

from server.domain.commands import IssueReport, SealReport, SignReport
from server.domain.events import RoomOpened
from server.domain.ids import Alias, Millis, VenueId
from server.domain.moment import Moment, Papers, Received
from server.domain.state import RoomState
from server.reports.document import ReportDocument
from server.reports.handwriting import Handwriting
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
from server.reports.report_pdf import render_report
from server.reports.signature_words import ISSUED, SEALED, member_reason
from server.reports.signing_record import render_signing_record
from server.reports.signing_rows import signing_record_of
from server.reports.subject import field_of
from server.reports.timestamps import CertifiedKey, EmbeddedTimestamps
from server.reports.typesetting import renderer
from server.session.signature_turns import SignatureTurns, SigningLapsed
from server.store.files import RoomFiles, document_file


class PaperKeys(Struct, frozen=True, kw_only=True):
    """What the venues sign documents with, by venue."""

    seal: Callable[[VenueId, str, Millis], CertifiedKey]
    "Its electronic seal; the second argument is the venue's name, the third when it is put on a document."
    timestamps: Callable[[VenueId], EmbeddedTimestamps]
    last_crl: Callable[[VenueId], bytes]
    "A revocation list (DER) of the venue's issuing key with a far end."


class Papermaker:
    """Makes what the commands of a signing ask for."""

    def __init__(self, files: RoomFiles, keys: PaperKeys, turns: SignatureTurns) -> None:
        self._files = files
        self._keys = keys
        self._turns = turns

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
                return await self._sign(received.envelope.by, command, room)
            case SealReport() as command:
                return await self._seal(command, room, moment)
            case _:
                raise TypeError(f"{type(received.command).__name__} asks for no documents")

    # -- typeset and certify -------------------------------------------------------------------------------------

    async def _issue(self, command: IssueReport, room: RoomState, moment: Moment) -> Papers:
        document = report_document(room, command.lot, report_facts(command, room, moment))
        certify = partial(self._certified, document, opened(room), moment.now)
        typeset, certified = await asyncio.to_thread(certify)
        kept = await self._files.put(opened(room).room, certified)
        return Papers(files=(document_file(typeset), kept), renderer=renderer())

    def _certified(self, document: ReportDocument, opening: RoomOpened, now: Millis) -> tuple[bytes, bytes]:
        """The report as it was typeset, and with its fields and the main venue's certification."""
        main = main_venue(opening)
        rendered = render_report(document)
        certified = add_fields_and_certify(
            rendered.pdf,
            rendered.fields,
            self._keys.seal(main, opening.venues[main].name, now),
            self._keys.timestamps(main),
            reason=ISSUED,
            location=opening.venues[main].name,
            at=now,
        )
        return rendered.pdf, certified

    # -- a member's signature ------------------------------------------------------------------------------------

    async def prepare(
        self, alias: Alias, command: SignReport, strokes: Handwriting, room: RoomState, now: Millis
    ) -> Prepared:
        """A revision with the member's handwriting for the key to sign; the member must have the turn.

        Raises:
            HandwritingUnusable: the strokes show nothing, or too much.
            FileMissing: the revision before is lost.
        """
        opening, venue = opened(room), room.seats[alias].venue
        base = await self._files.get(opening.room, command.base)
        return await asyncio.to_thread(
            partial(
                prepare,
                base,
                field=field_of(alias),
                certificate=room.document_keys[alias].certificate,
                issuer=opening.venues[venue].issuing_certificate,
                strokes=strokes,
                reason=member_reason(command.dissent),
                location=opening.venues[venue].name,
                at=now,
            )
        )

    async def _sign(self, alias: Alias, command: SignReport, room: RoomState) -> Papers:
        opening = opened(room)
        prepared = self._turns.prepared(opening.room, command.lot, alias, command.base)
        try:
            if signed_digest(prepared.attributes).hex() != command.document:
                raise SigningLapsed
            base = await self._files.get(opening.room, command.base)
            stamper = self._keys.timestamps(main_venue(opening))
            signed = await asyncio.to_thread(finish, prepared, base, command.signature, stamper)
            return Papers(files=(await self._files.put(opening.room, signed),))
        finally:
            self._turns.end(opening.room, command.lot, alias)

    # -- seal ----------------------------------------------------------------------------------------------------

    async def _seal(self, command: SealReport, room: RoomState, moment: Moment) -> Papers:
        opening, report = opened(room), room.lots[command.lot].report
        if report is None or report.latest is None:
            raise TypeError("the rules let only a report be sealed")
        signed = await self._files.get(opening.room, report.latest.sha256)
        sealed = await asyncio.to_thread(self._sealed, signed, opening, moment.now)
        record = signing_record_of(room, command.lot, moment, document_file(sealed).sha256)
        rendered = await asyncio.to_thread(render_signing_record, record)
        files = [await self._files.put(opening.room, data) for data in (sealed, rendered)]
        return Papers(files=tuple(files), renderer=renderer())

    def _sealed(self, signed: bytes, opening: RoomOpened, now: Millis) -> bytes:
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
            reason=SEALED,
            location=opening.venues[main].name,
            at=now,
        )
