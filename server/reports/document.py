"""What a printed document is made of: texts that are ready to be set, and nothing to be looked up."""

from typing import Literal

from msgspec import Struct

from server.domain.ids import Millis


class _Block(Struct, tag_field="kind", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What all blocks share."""


class Paragraph(_Block, tag="paragraph", kw_only=True, frozen=True):
    """A paragraph."""

    title: str = ""
    text: str


class Fact(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A value and what it is."""

    label: str
    value: str
    wide: bool = False
    "Takes a line of its own."


class Facts(_Block, tag="facts", kw_only=True, frozen=True):
    """Values with their names, side by side."""

    facts: tuple[Fact, ...]


class Column(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A column of a table."""

    title: str
    align: Literal["left", "center", "right"] = "left"
    share: int = 0
    "Of the width that columns with 0 leave over; those take what their texts need."


class Table(_Block, tag="table", kw_only=True, frozen=True):
    """A table whose head stands on every page that it goes over."""

    title: str = ""
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    strong: tuple[int, ...] = ()
    "Rows, from 0, that stand out: sums and the like."


class Sentences(_Block, tag="sentences", kw_only=True, frozen=True):
    """Numbered sentences, set small."""

    title: str
    sentences: tuple[str, ...]


Block = Paragraph | Facts | Table | Sentences


class Section(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A numbered part of a document."""

    title: str
    blocks: tuple[Block, ...]


class SignaturePlace(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Where one member signs."""

    field: str
    "The name of the signature field: `SignE1`."
    label: str
    "Who signs, as the member list has it."
    role: str


class ReportDocument(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """An evaluation report (评标报告) of one lot. Source: 12号令, Art. 42: the sections are its ten items in order."""

    title: str
    project: str
    lot: str
    version: str
    time: str
    record: str
    "Which beginning of the room's record the report speaks of."
    at: Millis
    "The same time for the file's own dates."
    sections: tuple[Section, ...]
    appendices: tuple[Section, ...]
    declaration: tuple[str, ...]
    "What stands above the signatures."
    signatures: tuple[SignaturePlace, ...]
