"""What a dishonest hand can do to a signed PDF. Viewers that check signatures alone pass most of it."""

import re
from collections.abc import Callable
from io import BytesIO

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field


def flip_byte(pdf: bytes) -> bytes:
    """One bit of a page's content."""
    place = pdf.index(b"stream\n") + 40
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


def draw_over(pdf: bytes) -> bytes:
    """A white box over a score, in a later revision."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0].get_object()
        box = writer.add_object(generic.StreamObject(stream_data=b"q 1 1 1 rg 70 750 60 12 re f Q"))
        page[pdf_name("/Contents")] = generic.ArrayObject([page.raw_get("/Contents"), box])
        writer.update_container(page)

    return _revise(pdf, change)


def add_note(pdf: bytes) -> bytes:
    """A note that shows another score."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0].get_object()
        note = generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/FreeText"),
                pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (70, 750, 130, 770))),
                pdf_name("/Contents"): generic.pdf_string("99.9"),
                pdf_name("/DA"): generic.pdf_string("/Helv 12 Tf"),
            }
        )
        page[pdf_name("/Annots")] = generic.ArrayObject([*page["/Annots"], writer.add_object(note)])
        writer.update_container(page)

    return _revise(pdf, change)


def add_field(pdf: bytes) -> bytes:
    """One more field to sign."""
    return _revise(pdf, lambda writer: append_signature_field(writer, SigFieldSpec("X", on_page=0, box=(9, 9, 99, 99))))


def redraw_handwriting(pdf: bytes, field: str) -> bytes:
    """Another picture in a field that is signed."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        fields = (each.get_object() for each in writer.root["/AcroForm"]["/Fields"])
        widget = next(each for each in fields if each["/T"] == field)
        kept = {key: value for key, value in widget["/AP"]["/N"].items() if key not in ("/Filter", "/Length")}
        picture = writer.add_object(generic.StreamObject(kept, stream_data=b"0 0 99 9 re f"))
        widget[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): picture})
        writer.update_container(widget)

    return _revise(pdf, change)


def cut_revisions(pdf: bytes, count: int) -> bytes:
    """The document without its last revisions, each of which had been whole."""
    ends = [match.end() for match in re.finditer(rb"%%EOF\s", pdf)]
    return pdf[: ends[-1 - count]]


def flip_signature(pdf: bytes) -> bytes:
    """One hexadecimal digit in the first signature."""
    place = pdf.index(b"<30", pdf.index(b"/ByteRange") - 20000) + 900
    return pdf[:place] + (b"1" if pdf[place : place + 1] == b"0" else b"0") + pdf[place + 1 :]


def _revise(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], object]) -> bytes:
    writer, output = IncrementalPdfFileWriter(BytesIO(pdf)), BytesIO()
    change(writer)
    writer.write(output)
    return output.getvalue()
