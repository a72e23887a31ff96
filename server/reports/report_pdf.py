"""An evaluation report as a file: PDF/A-3b with its data attached, and where on it the members sign."""

from io import BytesIO
from typing import Final

import msgspec
from msgspec import Struct
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from server.evidence.canonical import canonical
from server.reports.document import ReportDocument
from server.reports.typesetting import typeset

PAGE_HEIGHT: Final = 297 / 25.4 * 72
"Of A4, in PDF points."

ATTACHED: Final = "report.json"


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
    """A report that can be signed."""

    pdf: bytes
    boxes: tuple[SignatureBox, ...]
    "In the order of the members."


def render_report(document: ReportDocument) -> RenderedReport:
    """Sets a report. The same document gives the same bytes as long as `renderer` says the same.

    Raises:
        FontsMissing: `make setup` has not been run.
    """
    data = canonical(msgspec.to_builtins(document))
    done = typeset("report.typ", document, document.at, data=data, mark="sig")
    boxes = tuple(msgspec.convert(mark, SignatureBox) for mark in done.marks)
    from_below = (msgspec.structs.replace(box, y=PAGE_HEIGHT - box.y - box.h) for box in boxes)
    return RenderedReport(pdf=done.pdf, boxes=tuple(from_below))


def read_report_data(pdf: bytes) -> bytes | None:
    """The data attached to a report; none where a file is no PDF or has none."""
    try:
        files = PdfFileReader(BytesIO(pdf)).root.get("/AF", ())
        for file in files:
            specification = file.get_object()
            if specification["/UF"] == ATTACHED:
                return bytes(specification["/EF"]["/F"].data)
    except (PdfError, KeyError):
        return None
    return None
