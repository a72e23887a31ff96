"""Between the typeset document and its certification nothing but empty fields may have come in.

No signature is older than the certification, so none speaks of that step; a host could draw over a page in it. What may
change is little enough to be listed: a form of signature fields, their places on the pages, and the certification.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Final

from msgspec import Struct
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, PdfObject, Reference, StreamObject
from pyhanko.pdf_utils.reader import PdfFileReader

from server.reports.pdf_signing import CERTIFY_FIELD

CATALOG_MAY_GAIN: Final = {"/AcroForm", "/Perms", "/Extensions", "/Version"}
FORM_MAY_HOLD: Final = {"/Fields", "/SigFlags"}
FIELD_MAY_HOLD: Final = {"/FT", "/T", "/TU", "/Type", "/Subtype", "/F", "/Rect", "/P", "/AP", "/Lock"}

PAGE_LIMIT: Final = 10_000
"What a file says of its pages may be a lie."

Rectangle = tuple[float, float, float, float]


class FieldPlace(Struct, frozen=True, kw_only=True):
    """Where a field stands."""

    page: int
    "From 1."
    rectangle: Rectangle
    "In points from the left lower corner: left, bottom, right, top; all alike for a field that shows nothing."

    @property
    def is_nowhere(self) -> bool:
        """Whether nothing can be shown in it."""
        left, bottom, right, top = self.rectangle
        return left == right or bottom == top


def changes_in_preparation(typeset: bytes, certified: bytes) -> Iterator[str]:
    """What came in beside empty fields and the certification; `certified` begins with `typeset`."""
    old, new = PdfFileReader(BytesIO(typeset)), PdfFileReader(BytesIO(certified))
    for key in ("/Root", "/Info", "/Encrypt"):
        if _written(old.trailer.flatten(), key) != _written(new.trailer.flatten(), key):
            yield f"another {key} in the trailer"
    form = new.root["/AcroForm"]
    fields = {each.reference for each in form["/Fields"]}
    for revision in range(old.xrefs.total_revisions, new.xrefs.total_revisions):
        step = new.get_historical_resolver(revision)
        if step.refs_freed_in_revision():
            yield "objects were taken away"
        for reference in step.explicit_refs_in_revision():
            yield from _changes(old, new, reference, fields)
    if extra := set(form) - FORM_MAY_HOLD:
        yield f"a form with {', '.join(sorted(extra))}"
    for field in fields:
        yield from _beside_a_field(new.get_object(field))


def field_places(pdf: bytes) -> dict[str, FieldPlace]:
    """Where every signature field of a document stands."""
    reader = PdfFileReader(BytesIO(pdf))
    pages = [_page(reader, number) for number in range(min(int(reader.root["/Pages"]["/Count"]), PAGE_LIMIT))]
    fields = [each.get_object() for each in reader.root["/AcroForm"]["/Fields"]]
    return {
        str(field["/T"]): FieldPlace(page=pages.index(field.raw_get("/P").reference) + 1, rectangle=_rectangle(field))
        for field in fields
    }


def _changes(old: PdfFileReader, new: PdfFileReader, reference: Reference, fields: set[Reference]) -> Iterator[str]:
    before = _object(old, reference)
    if before is None:
        return
    after = new.get_object(reference)
    may_change: set[str] = set()
    if reference == old.root_ref:
        may_change = CATALOG_MAY_GAIN
    elif isinstance(before, DictionaryObject) and before.get("/Type") == "/Page":
        may_change = {"/Annots"}
        if not _adds_fields(before, after, fields):
            yield f"more than fields on a page (object {reference.idnum})"
    if not _is_alike(before, after, may_change):
        yield f"object {reference.idnum} of the typeset document is another one"


def _adds_fields(before: DictionaryObject, after: PdfObject, fields: set[Reference]) -> bool:
    """Whether a page has gained no annotation but fields."""
    if not isinstance(after, DictionaryObject):
        return False
    were, are = (_references(page.get("/Annots", ArrayObject())) for page in (before, after))
    return are[: len(were)] == were and set(are[len(were) :]) <= fields


def _references(annotations: PdfObject) -> list[Reference]:
    return [each.reference for each in annotations] if isinstance(annotations, ArrayObject) else []


def _is_alike(before: PdfObject, after: PdfObject, may_change: set[str]) -> bool:
    if isinstance(before, StreamObject) or isinstance(after, StreamObject):
        return _bytes_of(before) == _bytes_of(after)
    if not isinstance(before, DictionaryObject) or not isinstance(after, DictionaryObject):
        return _bytes_of(before) == _bytes_of(after)
    keys = (set(before) | set(after)) - may_change
    return all(_written(before, key) == _written(after, key) for key in keys)


def _beside_a_field(field: PdfObject) -> Iterator[str]:
    if not isinstance(field, DictionaryObject) or field.get("/FT") != "/Sig":
        yield "a field that is not for a signature"
        return
    name = str(field.get("/T"))
    certifies = name == CERTIFY_FIELD
    if extra := set(field) - FIELD_MAY_HOLD - ({"/V"} if certifies else set()):
        yield f"{name} holds {', '.join(sorted(extra))}"
    appearance = field.get("/AP")
    if appearance is not None and (set(appearance) != {"/N"} or appearance["/N"].data):
        yield f"{name} shows something"


def _object(reader: PdfFileReader, reference: Reference) -> PdfObject | None:
    """The object, if the document has it."""
    is_there = not reader.get_historical_resolver(reader.xrefs.total_revisions - 1).is_ref_unassignable(reference)
    return reader.get_object(reference) if is_there else None


def _written(holder: DictionaryObject, key: str) -> bytes:
    """A value as it would be written; nothing for none."""
    return _bytes_of(holder.raw_get(key)) if key in holder else b""


def _bytes_of(value: PdfObject) -> bytes:
    output = BytesIO()
    value.write_to_stream(output, None)
    return output.getvalue()


def _page(reader: PdfFileReader, number: int) -> Reference:
    container, place, _ = reader.find_page_container(number)
    reference: Reference = container.get_object()["/Kids"].raw_get(place).reference
    return reference


def _rectangle(field: DictionaryObject) -> Rectangle:
    left, bottom, right, top = (float(edge) for edge in field["/Rect"])
    return left, bottom, right, top
