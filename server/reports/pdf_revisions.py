"""Revisions of a PDF: appended to the bytes before, which stay as they are. What is ours against pyHanko's defaults."""

import hashlib
from collections.abc import Iterable
from io import BytesIO
from typing import IO

from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, SimpleBoxLayoutRule
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from pyhanko.stamp import StaticContentStamp, StaticStampStyle

ByteRange = tuple[int, int, int, int]
"What a signature covers: from, length, from, length; all but the signature itself."


class Revision(IncrementalPdfFileWriter):
    """A new revision of a document, without a new modification date in it.

    pyHanko 0.38 writes the machine's time into the metadata of every revision, 4 kB each; a signature's time stands in
    the signature.
    """

    def __init__(self, pdf: bytes) -> None:
        super().__init__(BytesIO(pdf))

    def _update_meta(self) -> None:
        """Leave the metadata as they are."""


def with_fields(pdf: bytes, specs: Iterable[SigFieldSpec]) -> bytes:
    """The document with these empty fields."""
    writer: IncrementalPdfFileWriter = Revision(pdf)
    for spec in specs:
        append_signature_field(writer, spec)
    output = BytesIO()
    writer.write(output)
    return continued(pdf, output)


def continued(base: bytes, output: IO[bytes]) -> bytes:
    """The document in `output`, which continues `base`.

    Raises:
        ValueError: it does not.
    """
    output.seek(0)
    whole = output.read()
    if not whole.startswith(base):
        raise ValueError("a revision changed the bytes before it")
    return whole


def byte_range_digest(data: bytes, byte_range: ByteRange) -> bytes:
    """The SHA-256 over what a signature covers."""
    first, first_length, second, second_length = byte_range
    view = memoryview(data)
    digest = hashlib.sha256(view[first : first + first_length])
    digest.update(view[second : second + second_length])
    return digest.digest()


def ink_style(operators: bytes, width: float, height: float) -> StaticStampStyle:
    """A field's appearance: this picture and nothing else."""
    picture = RawContent(operators, box=BoxConstraints(width, height))
    whole = SimpleBoxLayoutRule(AxisAlignment.ALIGN_MID, AxisAlignment.ALIGN_MID)
    return _InkStyle(border_width=0, background=picture, background_layout=whole)


class _InkStyle(StaticStampStyle):
    def create_stamp(
        self, writer: BasePdfFileWriter, box: BoxConstraints, text_params: dict[str, object]
    ) -> StaticContentStamp:
        return _InkStamp(writer=writer, style=self, box=box)


class _InkStamp(StaticContentStamp):
    """Packed to a third of its size, which pyHanko does not."""

    def as_form_xobject(self) -> StreamObject:
        stream = super().as_form_xobject()
        stream.compress()
        return stream
