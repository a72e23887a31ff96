"""A document that members sign as a file: PDF/A-3b with its data attached, and where on it they sign."""

from io import BytesIO
from typing import Final

import msgspec
from msgspec import Struct
from pyhanko.pdf_utils.reader import PdfFileReader

from server.evidence.canonical import canonical
from server.reports.document import ReportDocument
from server.reports.pdf_damage import UNREADABLE
from server.reports.pdf_signing import FieldBox
from server.reports.typesetting import typeset

PAGE_HEIGHT: Final = 297 / 25.4 * 72
"Of A4, in PDF points."

ATTACHED: Final = "report.json"
ANNEX_ATTACHED: Final = "annex.json"


class SignatureBox(Struct, frozen=True, kw_only=True):
    """Where a signature goes: PDF points, from the lower left corner of the page."""

    field: str
    label: str
    page: int
    "From 1."
    x: float
    y: float
    "Of the box's lower edge."
    w: float
    h: float


class RenderedReport(Struct, frozen=True, kw_only=True):
    """A document that can be signed."""

    pdf: bytes
    boxes: tuple[SignatureBox, ...]
    "In the order of the members."

    @property
    def fields(self) -> list[FieldBox]:
        """The boxes, for whoever makes the document signable."""
        return [FieldBox(field=box.field, page=box.page, x=box.x, y=box.y, w=box.w, h=box.h) for box in self.boxes]


def render_report(document: ReportDocument) -> RenderedReport:
    """Sets a report. The same document gives the same bytes as long as `renderer` says the same.

    Raises:
        FontsMissing: `make setup` has not been run.
    """
    return _rendered("report.typ", document)


def render_annex(document: ReportDocument) -> RenderedReport:
    """Sets the annex of one member, as `render_report` does a report.

    Raises:
        FontsMissing: `make setup` has not been run.
    """
    return _rendered("annex.typ", document)


def _rendered(template: str, document: ReportDocument) -> RenderedReport:
    data = canonical(msgspec.to_builtins(document))
    done = typeset(template, document, document.at, data=data, mark="sig")
    boxes = tuple(msgspec.convert(mark, SignatureBox) for mark in done.marks)
    from_below = (msgspec.structs.replace(box, y=PAGE_HEIGHT - box.y - box.h) for box in boxes)
    return RenderedReport(pdf=done.pdf, boxes=tuple(from_below))


def read_attached(pdf: bytes, name: str) -> bytes | None:
    """The one file attached to a PDF, which every viewer finds by whatever way; none where there is no such one.

    None as well where it is no PDF, or has another file attached.
    """
    try:
        root = PdfFileReader(BytesIO(pdf)).root
        listed = list(root["/Names"]["/EmbeddedFiles"]["/Names"])
        attached = [*root["/AF"], *listed[1::2]]
        whole = [each.get_object() for each in attached]
        names = {str(each[key]) for each in whole for key in ("/F", "/UF")} | set(map(str, listed[::2]))
        places = {str(each["/EF"].raw_get(key)) for each in whole for key in each["/EF"]}
        if names != {name} or len(places) != 1:
            return None
        return bytes(whole[0]["/EF"]["/F"].data)
    except UNREADABLE:
        return None
