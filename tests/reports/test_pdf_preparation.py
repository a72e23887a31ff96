"""What may come in between the typeset document and its certification, and what may not."""

from collections.abc import Callable
from io import BytesIO

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from server.reports.pdf_preparation import FieldPlace, changes_in_preparation, field_places
from server.reports.pdf_signing import add_fields_and_certify
from tests.support.signed_pdf import MAIN_NAME, SigningWorld, small_pdf
from tests.support.tampered_pdf import draw_over

Change = Callable[[IncrementalPdfFileWriter], object]


def revised(pdf: bytes, change: Change) -> bytes:
    writer, output = IncrementalPdfFileWriter(BytesIO(pdf)), BytesIO()
    change(writer)
    writer.write(output)
    return output.getvalue()


def stream(data: bytes = b"0 0 9 9 re f") -> generic.StreamObject:
    return generic.StreamObject(stream_data=data)


def page_of(writer: IncrementalPdfFileWriter) -> generic.DictionaryObject:
    page: generic.DictionaryObject = writer.root["/Pages"]["/Kids"][0].get_object()
    writer.update_container(page)
    return page


def field_of(writer: IncrementalPdfFileWriter, name: str) -> generic.DictionaryObject:
    fields = [each.get_object() for each in writer.root["/AcroForm"]["/Fields"]]
    field: generic.DictionaryObject = next(each for each in fields if each["/T"] == name)
    writer.update_container(field)
    return field


def test_fields_and_certification_are_all_that_came_in(certified: bytes) -> None:
    assert list(changes_in_preparation(small_pdf(), certified)) == []


def test_page_drawn_over_before_the_certification_is_found(signing_world: SigningWorld) -> None:
    pdf = small_pdf()
    world = signing_world
    certified = add_fields_and_certify(
        draw_over(pdf), [], world.seal, world.stamper, reason="", location=MAIN_NAME, at=world.now
    )

    assert any("of the typeset document is another one" in each for each in changes_in_preparation(pdf, certified))


def add_note(writer: IncrementalPdfFileWriter) -> None:
    note = generic.DictionaryObject({pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name("/Square")})
    page = page_of(writer)
    page[pdf_name("/Annots")] = generic.ArrayObject([*page.get("/Annots", []), writer.add_object(note)])


def open_with_script(writer: IncrementalPdfFileWriter) -> None:
    writer.root[pdf_name("/OpenAction")] = generic.DictionaryObject({pdf_name("/S"): pdf_name("/JavaScript")})
    writer.update_root()


def show_something(writer: IncrementalPdfFileWriter) -> None:
    appearance = generic.DictionaryObject({pdf_name("/N"): writer.add_object(stream())})
    field_of(writer, "E1")[pdf_name("/AP")] = appearance


def act(writer: IncrementalPdfFileWriter) -> None:
    field_of(writer, "E1")[pdf_name("/AA")] = generic.DictionaryObject()


def add_text_field(writer: IncrementalPdfFileWriter) -> None:
    text = generic.DictionaryObject({pdf_name("/FT"): pdf_name("/Tx"), pdf_name("/T"): generic.pdf_string("X")})
    writer.root["/AcroForm"]["/Fields"].append(writer.add_object(text))
    writer.update_container(writer.root["/AcroForm"]["/Fields"])


def fill_in_by_machine(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/AcroForm"][pdf_name("/XFA")] = generic.ArrayObject()
    writer.update_container(writer.root["/AcroForm"])


def widen_page(writer: IncrementalPdfFileWriter) -> None:
    page_of(writer)[pdf_name("/MediaBox")] = generic.ArrayObject(map(generic.NumberObject, (0, 0, 9, 9)))


def empty_page(writer: IncrementalPdfFileWriter) -> None:
    page_of(writer)[pdf_name("/Contents")] = generic.NullObject()


CASES: list[tuple[Change, str]] = [
    (add_note, "more than fields on a page"),
    (open_with_script, "of the typeset document is another one"),
    (show_something, "E1 shows something"),
    (act, "E1 holds /AA"),
    (add_text_field, "a field that is not for a signature"),
    (fill_in_by_machine, "a form with /XFA"),
    (widen_page, "of the typeset document is another one"),
    (empty_page, "of the typeset document is another one"),
]


@pytest.mark.parametrize(("change", "told"), CASES, ids=lambda each: getattr(each, "__name__", ""))
def test_anything_else_is_found(certified: bytes, change: Change, told: str) -> None:
    found = list(changes_in_preparation(small_pdf(), revised(certified, change)))

    assert any(told in each for each in found), found


def test_fields_stand_where_they_were_put(signing_world: SigningWorld, certified: bytes) -> None:
    places = field_places(certified)

    assert list(places) == ["Certify", *(member.field for member in signing_world.members), "Seal"]
    assert places["E2"] == FieldPlace(page=1, rectangle=(60, 170, 184, 221))
    assert [name for name, place in places.items() if place.is_nowhere] == ["Certify", "Seal"]


def test_fields_are_found_on_later_pages(signing_world: SigningWorld) -> None:
    assert FieldPlace(page=2, rectangle=(0, 0, 9, 0)).is_nowhere
    assert not FieldPlace(page=2, rectangle=(0, 0, 9, 9)).is_nowhere
