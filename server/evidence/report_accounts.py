"""What a verdict tells of a report that it found nothing against: for people who read the verdict."""

from enum import StrEnum

from msgspec import Struct

from server.domain.events import SigningEnd
from server.domain.ids import LotId, Millis


class ReportStanding(StrEnum):
    """What became of a version."""

    SEALED = "sealed"
    OPEN = "open"
    "The room ended before it was sealed."
    SUPERSEDED = "superseded"
    "It was issued again; no signature in it counts."


class MemberAccount(Struct, frozen=True, kw_only=True):
    """How the signing stands with one member."""

    label: str
    "As the report calls the member."
    end: SigningEnd | None
    "None where the member has not answered."
    at: Millis | None
    "By the time stamp over the signature; where there is no signature, by the record."


class ReportAccount(Struct, frozen=True, kw_only=True):
    """One version of one lot's report."""

    lot: LotId
    title: str
    "Of the lot."
    version: int
    standing: ReportStanding
    members: tuple[MemberAccount, ...]
    pages_set_again: bool
    "Whether the pages, and those of the signing record, were set again here and are the same."
    renderer: str
    "What set the pages, as the host says."
