from typing import NewType

from msgspec import Struct

from server.domain.ids import Digest
from server.web.protocol.contents import frame_types, json_types, name_of
from server.web.protocol.docs import doc_of, field_docs

Mark = NewType("Mark", str)


class Sample(Struct):
    """What it is.

    More of it.
    """

    first: str
    "Of the first."
    second: Mark = Mark("")
    third: int = 0
    """Over two
    lines."""


def test_doc_of_is_the_docstring() -> None:
    assert doc_of(Sample) == "What it is.\n\nMore of it."


def test_doc_of_an_id_is_the_string_under_it() -> None:
    assert (doc_of(Digest), doc_of(Mark)) == ("A SHA-256 in 64 lower-case hexadecimal digits.", "")


def test_field_docs_are_the_strings_under_the_fields() -> None:
    assert field_docs(Sample) == {"first": "Of the first.", "third": "Over two\nlines."}


def test_every_type_of_the_protocol_says_what_it_is() -> None:
    assert [name_of(each) for each in (*json_types(), *frame_types()) if not doc_of(each)] == []
