"""Signing a PDF with keys that are elsewhere: certification, each member's signature, the closing seal, the archive.

```text
fields      an empty field for every member, and one for the seal, which will lock them all
Certify     the venue's certification: from here on nothing but filling these fields is allowed
members     one at a time: `prepare` makes the revision, the seat's browser signs its attributes, `finish` puts them in
Seal        the venue's seal, then certificates, revocation lists and a time stamp over all: PAdES B-LTA for each
```

Every step appends a revision and leaves the bytes before untouched. All signatures are PAdES B-T on P-256 with SHA-256.
Fields stand before the certification, for it forbids adding one; the seal allows form filling (P=2), for Acrobat counts
archive data after a seal that allows nothing as a change. Source: ETSI EN 319 142-1; ISO 32000-2, 12.8.

All functions are synchronous and take 10 to 50 ms: call them from a worker thread, never from a running event loop.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO

import msgspec
from asn1crypto import cms, crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.sign.ades.api import CAdESSignedAttrSpec, GenericCommitment
from pyhanko.sign.fields import (
    FieldMDPAction,
    FieldMDPSpec,
    MDPPerm,
    SigFieldSpec,
    SigSeedSubFilter,
)
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.signers.pdf_cms import ExternalSigner, PdfCMSSignedAttributes
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner, PdfTimeStamper
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from server.domain.ids import Millis
from server.reports.handwriting import Point, draw_handwriting
from server.reports.pdf_revisions import ByteRange, Revision, byte_range_digest, continued, ink_style, with_fields
from server.reports.rejections import DocumentSignatureBad
from server.reports.timestamps import CertifiedKey

CERTIFY_FIELD = "Certify"
SEAL_FIELD = "Seal"
ARCHIVE_FIELD = "Archive"

MOST_DER_BYTES = 72
"Of a P-256 signature: two integers of up to 33 bytes."
CONTAINER_BYTES = 3400
"Room for a signature with its time stamp, besides the signer's certificate; about 2400 are used."
RAW_BYTES = 64


class FieldBox(msgspec.Struct, frozen=True, kw_only=True):
    """Where a member signs: in points (1/72 inch) from the page's left lower corner."""

    field: str
    page: int
    "From 1."
    x: float
    y: float
    w: float
    h: float


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """A revision that lacks nothing but the signature; all plain values, so that another process may finish it."""

    tail: bytes
    "What is appended to the document."
    byte_range: ByteRange
    "In document and tail together."
    attributes: bytes
    "The DER that the key signs, as it is; the SHA-256 over the byte range is in it."
    certificate: bytes
    issuer: bytes


class ArchiveMaterial(msgspec.Struct, frozen=True, kw_only=True):
    """What a verifier needs years later, in DER."""

    authorities: tuple[bytes, ...]
    "The self-signed issuing certificate of every venue whose people signed, and of the one that seals."
    crls: tuple[bytes, ...]
    "A last revocation list of each, with a far end."


def add_fields_and_certify(
    pdf: bytes,
    boxes: Sequence[FieldBox],
    seal: CertifiedKey,
    stamper: TimeStamper,
    *,
    reason: str,
    location: str,
    at: Millis,
) -> bytes:
    """The document with an empty field for every box, certified: only these fields may be filled from now on."""
    members = [
        SigFieldSpec(box.field, on_page=box.page - 1, box=box_corners(box), readable_field_name=box.field)
        for box in boxes
    ]
    lock = FieldMDPSpec(FieldMDPAction.ALL)
    seal_field = SigFieldSpec(SEAL_FIELD, field_mdp_spec=lock, doc_mdp_update_value=MDPPerm.FILL_FORMS)
    # in the order of signing: pdfsig 22.12 fails to trust a certificate it has met in a later field
    empty = with_fields(pdf, [SigFieldSpec(CERTIFY_FIELD), *members, seal_field])
    return _sign_here(empty, _metadata(CERTIFY_FIELD, reason, location, certify=True), seal, stamper, at)


def prepare(
    pdf: bytes,
    *,
    field: str,
    certificate: bytes,
    issuer: bytes,
    strokes: Sequence[Sequence[Point]],
    reason: str,
    location: str,
    at: Millis,
) -> Prepared:
    """A revision in which the member's handwriting fills the field, for the key of `certificate` to sign.

    `at` is what the page claims as the signing time; the time that counts is the time stamp's, in `finish`.

    Raises:
        HandwritingUnusable: the strokes show nothing, or too much.
    """
    return _prepare(pdf, _metadata(field, reason, location), certificate, issuer, at, strokes)


def finish(prepared: Prepared, pdf: bytes, signature: bytes, stamper: TimeStamper) -> bytes:
    """The document with the signature (64 bytes, r and s, as browsers make it) and a time stamp over it.

    Raises:
        DocumentSignatureBad: the certified key did not make it over the prepared attributes.
        ValueError: the revision was prepared on another document.
    """
    der = _der_signature(prepared, signature)
    whole = pdf + prepared.tail
    if byte_range_digest(whole, prepared.byte_range) != signed_digest(prepared.attributes):
        raise ValueError("the revision was prepared on another document")
    return asyncio.run(_embed(prepared, whole, der, stamper))


def seal_and_archive(
    pdf: bytes,
    seal: CertifiedKey,
    stamper: TimeStamper,
    material: ArchiveMaterial,
    *,
    reason: str,
    location: str,
    at: Millis,
) -> bytes:
    """The closed document: sealed, and stamped over all that a verifier will need.

    Nothing is verified here: `check_signed_pdf` tells whether every signature stands on the material.
    """
    sealed = _sign_here(pdf, _metadata(SEAL_FIELD, reason, location), seal, stamper, at)
    writer = Revision(sealed)
    known = [asn1_x509.Certificate.load(der) for der in material.authorities]
    lists = [crl.CertificateList.load(der) for der in material.crls]
    DocumentSecurityStore.supply_dss_in_writer(writer, None, certs=known, crls=lists)
    stamping = PdfTimeStamper(stamper, field_name=ARCHIVE_FIELD)
    output = asyncio.run(stamping.async_timestamp_pdf(writer, "sha256", bytes_reserved=2 * CONTAINER_BYTES))
    return continued(sealed, output)


def signed_digest(attributes: bytes) -> bytes:
    """The SHA-256 over the byte range, as the attributes (DER) state it."""
    for attribute in cms.CMSAttributes.load(attributes):
        if attribute["type"].native == "message_digest":
            return bytes(attribute["values"][0].native)
    raise ValueError("the attributes state no digest")


def box_corners(box: FieldBox) -> tuple[int, int, int, int]:
    """Where the field of a box stands: left, bottom, right, top."""
    return round(box.x), round(box.y), round(box.x + box.w), round(box.y + box.h)


def _metadata(field: str, reason: str, location: str, *, certify: bool = False) -> PdfSignatureMetadata:
    return PdfSignatureMetadata(
        field_name=field,
        reason=reason,
        location=location,
        certify=certify,
        docmdp_permissions=MDPPerm.FILL_FORMS,
        subfilter=SigSeedSubFilter.PADES,
        md_algorithm="sha256",
    )


def _sign_here(pdf: bytes, meta: PdfSignatureMetadata, keys: CertifiedKey, stamper: TimeStamper, at: Millis) -> bytes:
    """A signature with a key of this server, by the same two halves as those of the seats."""
    certificate, issuer = (each.public_bytes(serialization.Encoding.DER) for each in (keys.certificate, keys.issuer))
    prepared = _prepare(pdf, meta, certificate, issuer, at)
    signature = keys.key.sign(prepared.attributes, ec.ECDSA(hashes.SHA256()))
    return asyncio.run(_embed(prepared, pdf + prepared.tail, signature, stamper))


def _prepare(
    pdf: bytes,
    meta: PdfSignatureMetadata,
    certificate: bytes,
    issuer: bytes,
    at: Millis,
    strokes: Sequence[Sequence[Point]] | None = None,
) -> Prepared:
    external = _external_signer(certificate, issuer, bytes(MOST_DER_BYTES))
    signer = PdfSigner(meta, external)
    session = signer.init_signing_session(Revision(pdf), existing_fields_only=True)
    session.system_time = datetime.fromtimestamp(at // 1000, UTC)
    if strokes is not None:
        signer.stamp_style = _handwritten(session.sig_field, strokes)
    document = session.prepare_tbs_document(None, bytes_reserved=2 * (CONTAINER_BYTES + len(certificate)))
    digest, output = document.digest_tbs_document()
    approval = CAdESSignedAttrSpec(commitment_type=GenericCommitment.PROOF_OF_APPROVAL.asn1)
    settings = PdfCMSSignedAttributes(cades_signed_attrs=None if strokes is None else approval)
    attributes = asyncio.run(
        external.signed_attrs(digest.document_digest, "sha256", attr_settings=settings, use_pades=True)
    )
    whole = continued(pdf, output)
    start, end = digest.reserved_region_start, digest.reserved_region_end
    return Prepared(
        tail=whole[len(pdf) :],
        byte_range=(0, start, end, len(whole) - end),
        attributes=attributes.dump(),
        certificate=certificate,
        issuer=issuer,
    )


def _handwritten(field: DictionaryObject, strokes: Sequence[Sequence[Point]]) -> StaticStampStyle:
    left, bottom, right, top = (float(edge) for edge in field["/Rect"])
    width, height = right - left, top - bottom
    return ink_style(draw_handwriting(strokes, width, height), width, height)


def _der_signature(prepared: Prepared, signature: bytes) -> bytes:
    """The signature as CMS wants it.

    Raises:
        DocumentSignatureBad: the certified key did not make it over the prepared attributes.
    """
    key = x509.load_der_x509_certificate(prepared.certificate).public_key()
    if len(signature) != RAW_BYTES or not isinstance(key, ec.EllipticCurvePublicKey):
        raise DocumentSignatureBad
    der = encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
    try:
        key.verify(der, prepared.attributes, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise DocumentSignatureBad from error
    return der


async def _embed(prepared: Prepared, whole: bytes, signature: bytes, stamper: TimeStamper) -> bytes:
    signer = _external_signer(prepared.certificate, prepared.issuer, signature)
    attributes = cms.CMSAttributes.load(prepared.attributes)
    container = await signer.async_sign_prescribed_attributes("sha256", attributes, timestamper=stamper)
    _, start, end, _ = prepared.byte_range
    output = BytesIO(whole)
    PreparedByteRangeDigest(signed_digest(prepared.attributes), start, end).fill_with_cms(output, container)
    return output.getvalue()


def _external_signer(certificate: bytes, issuer: bytes, signature: bytes) -> ExternalSigner:
    return ExternalSigner(
        signing_cert=asn1_x509.Certificate.load(certificate),
        cert_registry=SimpleCertificateStore.from_certs([asn1_x509.Certificate.load(issuer)]),
        signature_value=signature,
        embed_roots=False,
    )
