"""A member asks for a revision to sign: checked by the rules, in turn with the others, drawn with the handwriting."""

from collections.abc import Callable
from typing import Annotated

from msgspec import Meta, Struct

from server.auth.document_certificates import is_current
from server.domain.commands import SignAnnex, SignReport
from server.domain.decide import check_permission
from server.domain.ids import Alias, Digest, LotId, Millis
from server.domain.rejections import DocumentKeyMissing, SeatNotConfirmed
from server.domain.rules.reports import check_annex_due, check_signable
from server.reports.handwriting import Handwriting
from server.reports.pdf_signing import Prepared
from server.session.papers import Papermaker, paper_of, signing_as
from server.session.room_session import RoomSession
from server.session.signature_turns import SignatureTurns

NO_SIGNATURE = bytes(64)
NO_DOCUMENT = Digest("0" * 64)


class SignatureRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a page asks a revision of the report for."""

    version: Annotated[int, Meta(ge=1)]
    base: Digest
    "SHA-256 of the revision that the member was shown."
    strokes: Handwriting
    dissent: str = ""


class AnnexRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a page asks a revision of the member's annex for."""

    version: Annotated[int, Meta(ge=1)]
    "Of the report."
    base: Digest
    "SHA-256 of the annex that the member was shown."
    strokes: Handwriting


class SignatureDesk:
    """Prepares revisions for the members of all rooms of this node."""

    def __init__(self, papers: Papermaker, turns: SignatureTurns, clock: Callable[[], Millis]) -> None:
        self._papers = papers
        self._turns = turns
        self._clock = clock

    async def annex(self, session: RoomSession, alias: Alias, lot: LotId, version: int) -> bytes:
        """The annex that the member is to read and to sign: a PDF.

        Raises:
            Rejection: the member has none to sign now.
            FileMissing, StoreUnwritable: see `RoomFiles`.
        """
        self._check(alias, _unsigned_annex(lot, version, NO_DOCUMENT), session)
        return await self._papers.annex(alias, lot, session.room, self._clock())

    async def prepare_annex(self, session: RoomSession, alias: Alias, lot: LotId, request: AnnexRequest) -> Prepared:
        """The revision of the own annex for this member to sign.

        Raises:
            Rejection: the rules would refuse the signature now, or the handwriting shows nothing.
        """
        wanted = _unsigned_annex(lot, request.version, request.base)
        return await self._prepare(session, alias, wanted, request.strokes)

    async def prepare(self, session: RoomSession, alias: Alias, lot: LotId, request: SignatureRequest) -> Prepared:
        """The revision of the report for this member to sign, who has the turn from now on.

        Raises:
            Rejection: the rules would refuse the signature now, or the handwriting shows nothing.
            SigningBusy: others are signing.
        """
        wanted = SignReport(
            lot=lot,
            version=request.version,
            base=request.base,
            document=request.base,
            signature=NO_SIGNATURE,
            dissent=request.dissent,
        )
        return await self._prepare(session, alias, wanted, request.strokes)

    async def _prepare(
        self, session: RoomSession, alias: Alias, wanted: SignReport | SignAnnex, strokes: Handwriting
    ) -> Prepared:
        self._check(alias, wanted, session)
        paper = paper_of(alias, wanted)
        turn = await self._turns.take(session.room_id, paper, alias, wanted.base)
        try:
            self._check(alias, wanted, session)  # somebody may have signed while this member waited
            turn.prepared = await self._papers.prepare(alias, wanted, strokes, session.room, self._clock())
        except BaseException:
            self._turns.end(session.room_id, paper, alias)
            raise
        return turn.prepared

    def _check(self, alias: Alias, wanted: SignReport | SignAnnex, session: RoomSession) -> None:
        room = session.room
        if not room.seats[alias].confirmed:
            raise SeatNotConfirmed(alias=alias)
        check_permission(alias, wanted, room)
        match wanted:
            case SignReport():
                check_signable(alias, wanted, room)
            case SignAnnex():
                check_annex_due(alias, wanted.lot, wanted.version, room)
        certificate, _ = signing_as(alias, wanted, room)
        if not is_current(certificate, self._clock()):
            raise DocumentKeyMissing(alias=alias)


def _unsigned_annex(lot: LotId, version: int, base: Digest) -> SignAnnex:
    return SignAnnex(lot=lot, version=version, base=base, document=base, signature=NO_SIGNATURE)
