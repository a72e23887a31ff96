"""What stands in a PDF's signatures, read and not judged: for the record, and for a page that lists who signed."""

from datetime import datetime
from io import BytesIO

import msgspec
from asn1crypto import cms
from pyhanko.pdf_utils.generic import ArrayObject, PdfObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.general import find_cms_attribute_iter, find_unique_cms_attribute
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from server.domain.ids import Millis
from server.reports.pdf_revisions import ByteRange


class SignatureFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One signature, or the document's time stamp."""

    field: str
    certificate: bytes
    "Of who signed, in DER."
    claimed_at: Millis | None
    "What the signing page claimed; none in a document's time stamp."
    stamped_at: Millis | None
    "What the time stamp over the signature says."
    reason: str
    location: str
    signature: bytes
    "In DER: two integers."
    message_digest: bytes
    "The SHA-256 that was signed."
    byte_range: ByteRange
    revision_size: int
    "Length of the document when it was signed, in bytes."
    covers_whole: bool
    "Whether nothing stands after it."
    is_document_timestamp: bool


def signatures_in(pdf: bytes) -> tuple[SignatureFacts, ...]:
    """Every signature in the order of the revisions.

    Raises:
        ValueError: a signature's parts cannot be read. pyHanko's `PdfError`: this is no PDF that it reads.
    """
    embedded = PdfFileReader(BytesIO(pdf)).embedded_signatures
    return tuple(sorted((_facts(each, len(pdf)) for each in embedded), key=lambda facts: facts.revision_size))


class PreparedPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A place for a signature that has not been made yet."""

    field: str
    reason: str
    byte_range: ByteRange


def prepared_places(pdf: bytes) -> tuple[PreparedPlace, ...]:
    """Every field whose signature is prepared and still missing.

    Raises:
        ValueError, pyHanko's `PdfError`: see `signatures_in`.
    """
    values = [(name, value) for name, value, _ in enumerate_sig_fields(PdfFileReader(BytesIO(pdf))) if value]
    return tuple(
        PreparedPlace(field=str(name), reason=str(value.get("/Reason", "")), byte_range=_four(value.get("/ByteRange")))
        for name, value in ((name, value.get_object()) for name, value in values)
        if not any(bytes(value["/Contents"]))
    )


def stamped_at(signature: EmbeddedPdfSignature) -> datetime | None:
    """The time in the token over a signature, or in a document's time stamp itself; whether it holds is not asked."""
    if signature.sig_object_type == "/DocTimeStamp":
        return _token_time(signature.signed_data)
    tokens = find_cms_attribute_iter(signature.signer_info["unsigned_attrs"], "signature_time_stamp_token")
    return next((_token_time(token["content"]) for token in tokens), None)


def byte_range_of(signature: EmbeddedPdfSignature) -> ByteRange:
    """What the signature says it covers.

    Raises:
        ValueError: no four numbers.
    """
    return _four(signature.byte_range)


def _four(numbers: PdfObject | None) -> ByteRange:
    if not isinstance(numbers, ArrayObject) or len(numbers) != 4:
        raise ValueError("a byte range that is no four numbers")
    first, first_length, second, second_length = (int(number) for number in numbers)
    return first, first_length, second, second_length


def _facts(signature: EmbeddedPdfSignature, size: int) -> SignatureFacts:
    byte_range = byte_range_of(signature)
    end = byte_range[2] + byte_range[3]
    is_stamp = signature.sig_object_type == "/DocTimeStamp"
    claimed = None if is_stamp else signature.self_reported_timestamp
    return SignatureFacts(
        field=signature.field_name,
        certificate=signature.signer_cert.dump(),
        claimed_at=_millis(claimed),
        stamped_at=_millis(stamped_at(signature)),
        reason=str(signature.sig_object.get("/Reason", "")),
        location=str(signature.sig_object.get("/Location", "")),
        signature=signature.signer_info["signature"].native,
        message_digest=_covered_digest(signature),
        byte_range=byte_range,
        revision_size=end,
        covers_whole=end == size,
        is_document_timestamp=is_stamp,
    )


def _covered_digest(signature: EmbeddedPdfSignature) -> bytes:
    """The digest over the byte range: in a time stamp, what was stamped."""
    content = signature.signed_data["encap_content_info"]
    if content["content_type"].native == "tst_info":
        return bytes(content["content"].parsed["message_imprint"]["hashed_message"].native)
    return bytes(find_unique_cms_attribute(signature.signer_info["signed_attrs"], "message_digest").native)


def _token_time(signed: cms.SignedData) -> datetime:
    time = signed["encap_content_info"]["content"].parsed["gen_time"].native
    if not isinstance(time, datetime):
        raise ValueError("a time stamp without a time")
    return time


def _millis(moment: datetime | None) -> Millis | None:
    return None if moment is None else Millis(round(moment.timestamp() * 1000))
