"""What the record says of a signed report, and the ways in which the report can differ from it."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from server.domain.ids import Digest
from server.reports.pdf_signing import ARCHIVE_FIELD, CERTIFY_FIELD, SEAL_FIELD


class PdfFlaw(StrEnum):
    """One reason against a signed report."""

    UNREADABLE = "unreadable"
    OTHER_BASE = "other_base"
    "It does not begin with the document that the record names."
    FIELD_MISSING = "field_missing"
    FIELD_UNEXPECTED = "field_unexpected"
    SIGNATURE_MISSING = "signature_missing"
    SIGNATURE_UNEXPECTED = "signature_unexpected"
    "Of somebody who did not sign, or in a field that should not be there."
    NOT_CERTIFIED = "not_certified"
    "The first signature is not the one that restricts what may change."
    OTHER_CERTIFICATE = "other_certificate"
    BYTES_CHANGED = "bytes_changed"
    "What was signed is not what stands there."
    SIGNATURE_BAD = "signature_bad"
    UNTRUSTED = "untrusted"
    "No way from the certificate to a venue's issuing certificate at that moment."
    TIMESTAMP_MISSING = "timestamp_missing"
    TIMESTAMP_BAD = "timestamp_bad"
    REVOCATION_MISSING = "revocation_missing"
    "No revocation lists, by which a certificate can be judged years later."
    STAMP_ENDED = "stamp_ended"
    "The time stamp over the whole held when it was made, and its certificate has ended since: it was not renewed."
    NOT_COVERED = "not_covered"
    "The signature leaves out parts of the document as it was then."
    CHANGED_AFTERWARDS = "changed_afterwards"
    "A later revision does more than to sign."
    TAIL_UNSIGNED = "tail_unsigned"
    "There are bytes after the last signature."

    @property
    def is_gap(self) -> bool:
        """Whether something is only missing, and what is there may be sound."""
        return self in (
            PdfFlaw.SIGNATURE_MISSING,
            PdfFlaw.TIMESTAMP_MISSING,
            PdfFlaw.REVOCATION_MISSING,
            PdfFlaw.STAMP_ENDED,
        )


class PdfFinding(msgspec.Struct, frozen=True, kw_only=True):
    """One fact against the report."""

    flaw: PdfFlaw
    where: str
    "A field, or bytes from 0, the end not included: `bytes 0-12167`."
    detail: str = ""
    "English, for whoever looks closer."


class Beginning(msgspec.Struct, frozen=True, kw_only=True):
    """A document that the report began as."""

    size: int
    "In bytes."
    sha256: Digest


class Expectation(msgspec.Struct, frozen=True, kw_only=True):
    """What the record says of a signed report."""

    anchors: tuple[bytes, ...]
    "The venues' issuing certificates (DER), which alone are trusted."
    certificates: Mapping[str, bytes]
    "Who signed: certificate (DER) by field."
    unsigned: frozenset[str]
    "Fields of members who did not sign, or not yet."
    seal: bytes | None
    "The certificate (DER) of certification and seal; None takes any that an anchor issued."
    is_closed: bool
    "Whether seal and document time stamp must be there, or must not."
    beginnings: tuple[Beginning, ...] = ()

    @property
    def signers(self) -> dict[str, bytes | None]:
        """Every field that must be signed, with the certificate."""
        closing: dict[str, bytes | None] = {SEAL_FIELD: self.seal, ARCHIVE_FIELD: None} if self.is_closed else {}
        return {CERTIFY_FIELD: self.seal, **self.certificates, **closing}

    @property
    def empty(self) -> frozenset[str]:
        """Every field that must be there and empty."""
        return self.unsigned if self.is_closed else self.unsigned | {SEAL_FIELD}
