"""A member asks for a revision to sign: checked by the rules, in turn with the others, drawn with the handwriting."""

from collections.abc import Callable
from typing import Annotated

from msgspec import Meta, Struct

from server.auth.document_certificates import is_current
from server.domain.commands import SignReport
from server.domain.decide import check_permission
from server.domain.ids import Alias, Digest, LotId, Millis
from server.domain.rejections import DocumentKeyMissing, SeatNotConfirmed
from server.domain.rules.reports import check_signable
from server.reports.handwriting import Handwriting
from server.reports.pdf_signing import Prepared
from server.session.papers import Papermaker
from server.session.room_session import RoomSession
from server.session.signature_turns import SignatureTurns

NO_SIGNATURE = bytes(64)


class SignatureRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a page asks a revision for."""

    version: Annotated[int, Meta(ge=1)]
    base: Digest
    "SHA-256 of the revision that the member was shown."
    strokes: Handwriting
    dissent: str = ""


class SignatureDesk:
    """Prepares revisions for the members of all rooms of this node."""

    def __init__(self, papers: Papermaker, turns: SignatureTurns, clock: Callable[[], Millis]) -> None:
        self._papers = papers
        self._turns = turns
        self._clock = clock

    async def prepare(self, session: RoomSession, alias: Alias, lot: LotId, request: SignatureRequest) -> Prepared:
        """The revision for this member to sign, who has the turn from now on.

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
        self._check(alias, wanted, session)
        turn = await self._turns.take(session.room_id, lot, alias, request.base)
        try:
            self._check(alias, wanted, session)  # somebody may have signed while this member waited
            turn.prepared = await self._papers.prepare(alias, wanted, request.strokes, session.room, self._clock())
        except BaseException:
            self._turns.end(session.room_id, lot, alias)
            raise
        return turn.prepared

    def _check(self, alias: Alias, wanted: SignReport, session: RoomSession) -> None:
        room = session.room
        if not room.seats[alias].confirmed:
            raise SeatNotConfirmed(alias=alias)
        check_permission(alias, wanted, room)
        check_signable(alias, wanted, room)
        if not is_current(room.document_keys[alias].certificate, self._clock()):
            raise DocumentKeyMissing(alias=alias)
