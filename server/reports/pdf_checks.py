"""Whether a signed report is what the record says it is: every reason against it, each with its place.

Viewers that check signatures alone miss what matters here: pages drawn over in a later revision, notes laid on top, and
a file cut before its last signers, in which each remaining signature is valid. So three things are asked: does every
signature hold, did anything but signing happen between them, and is everybody there who should be.

A signature is judged for the moment in its time stamp, and the time stamp over the whole for the moment asked about:
that one must be renewed before its certificate ends. Nothing is fetched from the network.
"""

import asyncio
import hashlib
import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel, SuspiciousModification
from pyhanko.sign.fields import MDPPerm, enumerate_sig_fields
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.pdf_embedded import (
    EmbeddedPdfSignature,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.status import (
    DocumentTimestampStatus,
    PdfSignatureStatus,
    SignatureCoverageLevel,
    SignatureStatus,
)
from pyhanko_certvalidator import ValidationContext

from server.domain.ids import Millis
from server.reports.pdf_damage import UNREADABLE, told
from server.reports.pdf_findings import Expectation, PdfFinding, PdfFlaw
from server.reports.pdf_signing import ARCHIVE_FIELD, CERTIFY_FIELD, SEAL_FIELD
from server.reports.signature_facts import byte_range_of, stamped_at

logging.getLogger("pyhanko.sign").setLevel(logging.CRITICAL)  # its warnings are our findings


def check_signed_pdf(pdf: bytes, expectation: Expectation, at: Millis) -> tuple[PdfFinding, ...]:
    """Everything that speaks against the report at the moment `at`; nothing, if it is as expected.

    Some bytes that frame a signature in its place are under no signature and say nothing; only a `Beginning` as long
    as the report itself settles them. Call this from a worker thread: 30 to 60 ms for every signature.
    """
    findings = [*_check_beginnings(pdf, expectation)]
    try:
        reader = PdfFileReader(BytesIO(pdf))
        fields = [(str(name), value is not None) for name, value, _ in enumerate_sig_fields(reader)]
        signatures = list(reader.embedded_signatures)
        ends = [second + length for _, _, second, length in map(byte_range_of, signatures)]
    except UNREADABLE as error:
        return (*findings, PdfFinding(flaw=PdfFlaw.UNREADABLE, where=f"bytes 0-{len(pdf)}", detail=told(error)))
    findings += _check_fields(fields, expectation)
    if (end := max(ends, default=0)) != len(pdf):
        findings.append(PdfFinding(flaw=PdfFlaw.TAIL_UNSIGNED, where=f"bytes {end}-{len(pdf)}"))
    if expectation.is_closed and not _has_archive(reader):
        findings.append(PdfFinding(flaw=PdfFlaw.REVOCATION_MISSING, where=f"bytes 0-{len(pdf)}"))
    for signature in signatures:
        findings += asyncio.run(_check_signature(reader, signature, expectation, at))
    return tuple(findings)


def _check_beginnings(pdf: bytes, expectation: Expectation) -> Iterator[PdfFinding]:
    for beginning in expectation.beginnings:
        if hashlib.sha256(pdf[: beginning.size]).hexdigest() != beginning.sha256:
            yield PdfFinding(flaw=PdfFlaw.OTHER_BASE, where=f"bytes 0-{beginning.size}")


def _check_fields(fields: list[tuple[str, bool]], expectation: Expectation) -> Iterator[PdfFinding]:
    signed = [name for name, is_signed in fields if is_signed]
    empty = [name for name, is_signed in fields if not is_signed]
    signers = list(expectation.signers)
    for flaw, names in {
        PdfFlaw.SIGNATURE_MISSING: _left(signers, signed),
        PdfFlaw.SIGNATURE_UNEXPECTED: _left(signed, signers),
        PdfFlaw.FIELD_MISSING: _left(expectation.empty, signed + empty),
        PdfFlaw.FIELD_UNEXPECTED: _left(empty, [*signers, *expectation.empty]),
    }.items():
        yield from (PdfFinding(flaw=flaw, where=name) for name in names)


def _left(names: Iterable[str], others: Iterable[str]) -> list[str]:
    """The names that stand more often here than there."""
    return sorted((Counter(names) - Counter(others)).elements())


async def _check_signature(
    reader: PdfFileReader, signature: EmbeddedPdfSignature, expectation: Expectation, at: Millis
) -> list[PdfFinding]:
    field = signature.field_name
    try:
        if field == ARCHIVE_FIELD:
            flaws = await _judge_archive(reader, signature, expectation, at)
        else:
            flaws = await _judge_signature(reader, signature, expectation, at)
        if not _is_plainly_written(reader, signature):
            flaws[PdfFlaw.SIGNATURE_BAD] = "more than the signature, or in another spelling"
        wanted = expectation.signers.get(field)
        if wanted is not None and signature.signer_cert.dump() != wanted:
            flaws[PdfFlaw.OTHER_CERTIFICATE] = str(signature.signer_cert.subject.human_friendly)
        if field == CERTIFY_FIELD and not _certifies(reader, signature):
            flaws[PdfFlaw.NOT_CERTIFIED] = ""
    except UNREADABLE as error:
        flaws = {PdfFlaw.UNREADABLE: told(error)}
    return [PdfFinding(flaw=flaw, where=field, detail=detail) for flaw, detail in flaws.items()]


async def _judge_signature(
    reader: PdfFileReader, signature: EmbeddedPdfSignature, expectation: Expectation, at: Millis
) -> dict[PdfFlaw, str]:
    moment = stamped_at(signature) or _utc(at)
    of_signer, of_stamp = (_trust(reader, expectation, moment) for _ in range(2))
    status = await async_validate_pdf_signature(signature, of_signer, of_stamp)
    flaws = _judge_integrity(status) | _judge_changes(signature, status, expectation)
    stamp = status.timestamp_validity
    if stamp is None:
        flaws[PdfFlaw.TIMESTAMP_MISSING] = ""
    elif bad := _judge_integrity(stamp):
        flaws[PdfFlaw.TIMESTAMP_BAD] = ", ".join(bad)
    return flaws


async def _judge_archive(
    reader: PdfFileReader, signature: EmbeddedPdfSignature, expectation: Expectation, at: Millis
) -> dict[PdfFlaw, str]:
    status = await async_validate_pdf_timestamp(signature, _trust(reader, expectation, _utc(at)))
    return _judge_integrity(status) | _judge_changes(signature, status, expectation)


def _is_plainly_written(reader: PdfFileReader, signature: EmbeddedPdfSignature) -> bool:
    """Whether the place of the signature, which no signature covers, holds it in plain digits and zeros behind it."""
    _, start, end, _ = byte_range_of(signature)
    reader.stream.seek(start)
    written = reader.stream.read(end - start)
    content = bytes(signature.pkcs7_content)
    rest = content[len(cms.ContentInfo.load(content).dump()) :]
    return written == b"<%s>" % content.hex().upper().encode() and not any(rest)


def _judge_integrity(status: SignatureStatus) -> dict[PdfFlaw, str]:
    flaws = {}
    if not status.intact:
        flaws[PdfFlaw.BYTES_CHANGED] = ""
    if not status.valid:
        flaws[PdfFlaw.SIGNATURE_BAD] = ""
    if not flaws and not status.trusted:  # asked only of signatures that hold
        flaws[PdfFlaw.UNTRUSTED] = str(status.trust_problem_indic or "")
    return flaws


def _judge_changes(
    signature: EmbeddedPdfSignature, status: PdfSignatureStatus | DocumentTimestampStatus, expectation: Expectation
) -> dict[PdfFlaw, str]:
    if status.coverage is None or status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return {PdfFlaw.NOT_COVERED: ""}
    changes = status.diff_result
    if isinstance(changes, SuspiciousModification):
        return {PdfFlaw.CHANGED_AFTERWARDS: str(changes)}
    level = status.modification_level
    if level is None or level > _allowed_after(signature.field_name):
        return {PdfFlaw.CHANGED_AFTERWARDS: "" if level is None else level.name}
    if status.docmdp_ok is False:  # None where nothing was restricted
        return {PdfFlaw.CHANGED_AFTERWARDS: "against the certification"}
    return {}


def _allowed_after(field: str) -> ModificationLevel:
    """After the seal only the archive's data, after the archive nothing, before both signatures."""
    closing = {SEAL_FIELD: ModificationLevel.LTA_UPDATES, ARCHIVE_FIELD: ModificationLevel.NONE}
    return closing.get(field, ModificationLevel.FORM_FILLING)


def _certifies(reader: PdfFileReader, signature: EmbeddedPdfSignature) -> bool:
    permissions = reader.root.get("/Perms")
    if not isinstance(permissions, DictionaryObject) or "/DocMDP" not in permissions:
        return False
    certifying = permissions.get_value_as_reference("/DocMDP")
    own = signature.sig_field.get_value_as_reference("/V")
    return bool(certifying == own and signature.docmdp_level == MDPPerm.FILL_FORMS)


def _trust(reader: PdfFileReader, expectation: Expectation, moment: datetime) -> ValidationContext:
    """What a certificate is judged by; where the report brings revocation lists, every authority must have one."""
    settings: dict[str, Any] = {
        "trust_roots": [asn1_x509.Certificate.load(der) for der in expectation.anchors],
        "moment": moment,
        "allow_fetching": False,
        "retroactive_revinfo": True,
    }
    if not _has_archive(reader):
        return ValidationContext(**settings, revocation_mode="soft-fail")
    archive = DocumentSecurityStore.read_dss(reader)
    return archive.as_validation_context({**settings, "revocation_mode": "require"})


def _has_archive(reader: PdfFileReader) -> bool:
    return "/DSS" in reader.root


def _utc(at: Millis) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)
