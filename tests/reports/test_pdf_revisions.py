from hashlib import sha256
from io import BytesIO

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec

from server.reports.pdf_revisions import byte_range_digest, continued, ink_style, with_fields
from tests.support.signed_pdf import small_pdf


def test_fields_are_appended() -> None:
    base = small_pdf()

    pdf = with_fields(base, [SigFieldSpec("E1", on_page=0, box=(10, 10, 60, 30)), SigFieldSpec("Seal")])

    fields = PdfFileReader(BytesIO(pdf)).root["/AcroForm"]["/Fields"]
    assert pdf.startswith(base)
    assert [str(field.get_object()["/T"]) for field in fields] == ["E1", "Seal"]


def test_revision_leaves_the_metadata_alone() -> None:
    base = small_pdf()

    pdf = with_fields(base, [SigFieldSpec("Seal")])

    assert b"<x:xmpmeta" in base
    assert b"<x:xmpmeta" not in pdf[len(base) :]


def test_what_does_not_continue_the_document_is_refused() -> None:
    with pytest.raises(ValueError, match="changed the bytes before it"):
        continued(b"%PDF-1.7", BytesIO(b"%PDF-2.0 and more"))


def test_digest_leaves_out_the_gap() -> None:
    assert byte_range_digest(b"before<gap>after", (0, 6, 11, 5)) == sha256(b"beforeafter").digest()


def test_ink_fills_the_whole_box_without_a_border() -> None:
    style = ink_style(b"0 0 m", 124, 51)

    assert style.border_width == 0
    assert style.background is not None
    assert (style.background.box.width, style.background.box.height) == (124, 51)
