"""The protocol's types as TypeScript: `client_web/src/protocol/generated.ts`."""

import json
import re
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, Final

from msgspec import Struct

from server.domain.commands import LONG_TEXT_LIMIT, TEXT_LIMIT, LotCommand
from server.domain.permissions import ALLOWED
from server.domain.rules.server_events import NO_SPACE
from server.session.drafting import CELL_LIMIT, NAME_LIMIT, VALUE_LIMIT
from server.session.frames import PROTOCOL
from server.web.client_errors import CLOSE
from server.web.packing import FRAME_LIMIT
from server.web.protocol.contents import (
    COMMANDS,
    EVENTS,
    FRAMES_FROM_SEAT,
    FRAMES_TO_SEAT,
    SIGNAL_FROM_SEAT,
    SIGNAL_TO_SEAT,
    frame_types,
    json_types,
    name_of,
    rejections,
    tag_of,
)
from server.web.protocol.docs import doc_of, field_docs
from server.web.protocol.shapes import (
    Field,
    ListOf,
    MapOf,
    Named,
    OneOf,
    Scalar,
    Shape,
    Words,
    fields_of,
    is_struct,
    shape_of,
)
from server.web.signal_frames import COMES_BACK, SIGNAL_PROTOCOL

_HEAD: Final = """\
/**
 * The protocol's types and tables, as the page uses them.
 *
 * Written by `python -m server.web.protocol` from the server's own types; never edited by hand.
 */

/** Bytes in standard base64 with padding, as JSON carries them. */
export type Base64 = string;

/** A decimal number as text, such as `13.50`. */
export type DecimalText = string;
"""

_SCALARS: Final = {
    Scalar.TEXT: "string",
    Scalar.INTEGER: "number",
    Scalar.FLAG: "boolean",
    Scalar.DECIMAL: "DecimalText",
    Scalar.NOTHING: "null",
}

_UNIONS: Final = (
    ("AnyCommand", COMMANDS, "What a seat can ask for, without the envelope."),
    ("AnyEvent", EVENTS, "What happened, without the line's head."),
    ("AnyFromSeat", FRAMES_FROM_SEAT, "What a seat sends."),
    ("AnyToSeat", FRAMES_TO_SEAT, "What the server sends."),
    ("AnySignalFromSeat", SIGNAL_FROM_SEAT, "What a seat sends on the signal socket."),
    ("AnySignalToSeat", SIGNAL_TO_SEAT, "What the server sends on the signal socket."),
)

_NUMBERS: Final = (
    ("FRAME_LIMIT", FRAME_LIMIT, "Bytes of a frame from a seat."),
    ("TEXT_LIMIT", TEXT_LIMIT, "Characters of a free text: a reason, grounds, a minute."),
    ("LONG_TEXT_LIMIT", LONG_TEXT_LIMIT, "Characters of what goes into a report, and of a dissent."),
    ("CELL_NAME_LIMIT", NAME_LIMIT, "Characters of a cell's name."),
    ("CELL_VALUE_LIMIT", VALUE_LIMIT, "Characters of a typed cell."),
    ("CELLS_LIMIT", CELL_LIMIT, "Cells of one sheet."),
    ("COMES_BACK", COMES_BACK, "Closes a signal socket that the page opens anew."),
)


def typescript() -> str:
    """The whole file."""
    parts = [
        _HEAD,
        *(_declaration(each, "Base64") for each in json_types()),
        *(_declaration(each, "Uint8Array") for each in frame_types()),
        *(_union(name, members, doc) for name, members, doc in _UNIONS),
        "/** A line: its head and its event, as one flat object. */\nexport type FlatLine = LineHead & AnyEvent;\n",
        "/** What a seat signs: envelope and command, as one flat object. */\n"
        "export type FlatCommand = Envelope & AnyCommand;\n",
        f"/** The WebSocket subprotocol. */\nexport const PROTOCOL = {_text(PROTOCOL)};\n",
        f"/** The subprotocol of the signal socket. */\nexport const SIGNAL_PROTOCOL = {_text(SIGNAL_PROTOCOL)};\n",
        *(f"/** {doc} */\nexport const {name} = {number};\n" for name, number, doc in _NUMBERS),
        f"/** The reason of a pause that the server itself makes. */\nexport const NO_SPACE = {_text(NO_SPACE)};\n",
        _codes("REJECTION_CODES", "RejectionCode", rejections()),
        _codes("GOODBYE_CODES", "GoodbyeCode", {code: f"Closes with {number}." for code, number in CLOSE.items()}),
        _lot_commands(),
        _permissions(),
    ]
    return "\n".join(parts)


def _declaration(named: Any, raw: str) -> str:
    """A type with its documentation; `raw` is what bytes are."""
    doc = _comment(doc_of(named))
    if not isinstance(named, type):
        return f"{doc}export type {name_of(named)} = {_type(shape_of(named.__supertype__), raw)};\n"
    if is_struct(named):
        return doc + _struct(named, raw)
    return doc + _enum(named)


def _struct(struct: type[Struct], raw: str) -> str:
    name, fields = name_of(struct), fields_of(struct)
    if struct.__struct_config__.array_like:
        places = ", ".join(f"{field.name}: {_type(field.shape, raw)}" for field in fields)
        return f"export type {name} = readonly [{places}];\n"
    tag, docs = tag_of(struct), field_docs(struct)
    lines = [f"  readonly {tag[0]}: {_text(tag[1])};\n"] if tag else []
    lines += [_comment(docs.get(field.name, ""), "  ") + _property(field, raw) for field in fields]
    return f"export interface {name} {{\n{''.join(lines)}}}\n"


def _property(field: Field, raw: str) -> str:
    if field.is_omitted:
        return f"  readonly {field.name}?: {_type(_without_nothing(field.shape), raw)};\n"
    return f"  readonly {field.name}: {_type(field.shape, raw)};\n"


def _without_nothing(shape: Shape) -> Shape:
    """What a field can be where it is not omitted."""
    if not isinstance(shape, OneOf):
        return shape
    return OneOf(tuple(each for each in shape.choices if each is not Scalar.NOTHING))


def _enum(enum: type[Enum]) -> str:
    values, docs = f"{_capitals(enum.__name__)}_VALUES", field_docs(enum)
    members = "".join(f"{_comment(docs.get(each.name, ''), '  ')}  {_text(each.value)},\n" for each in enum)
    type_ = f"export type {enum.__name__} = (typeof {values})[number];\n"
    return f"export const {values} = [\n{members}] as const;\n{_comment(doc_of(enum))}{type_}"


def _type(shape: Shape, raw: str) -> str:
    match shape:
        case Scalar.BYTES:
            return raw
        case Scalar():
            return _SCALARS[shape]
        case Named(of):
            return name_of(of)
        case ListOf(item):
            return f"readonly {_grouped(item, raw)}[]"
        case MapOf(key, value):
            record = f"Record<{_type(key, raw)}, {_type(value, raw)}>"
            return f"Readonly<{f'Partial<{record}>' if _is_enum(key) else record}>"
        case OneOf(choices):
            return " | ".join(_type(choice, raw) for choice in choices)
        case Words(words):
            return " | ".join(map(_text, words))


def _grouped(shape: Shape, raw: str) -> str:
    text = _type(shape, raw)
    return f"({text})" if isinstance(shape, OneOf | Words | ListOf) else text


def _is_enum(shape: Shape) -> bool:
    return isinstance(shape, Named) and isinstance(shape.of, type) and issubclass(shape.of, Enum)


def _union(name: str, members: Iterable[type[Struct]], doc: str) -> str:
    choices = "".join(f"\n  | {name_of(each)}" for each in members)
    return f"/** {doc} */\nexport type {name} ={choices};\n"


def _codes(values: str, name: str, codes: Mapping[str, str]) -> str:
    members = "".join(f"{_comment(sentence, '  ')}  {_text(code)},\n" for code, sentence in codes.items())
    return f"export const {values} = [\n{members}] as const;\nexport type {name} = (typeof {values})[number];\n"


def _lot_commands() -> str:
    tags = "".join(f"  {_text(_type_of(each))},\n" for each in LotCommand.__args__)
    return (
        "/** The commands whose phase is that of their lot, while the room is in evaluation. */\n"
        f"export const LOT_COMMANDS: readonly AnyCommand['type'][] = [\n{tags}];\n"
    )


def _permissions() -> str:
    """The table phase × command → roles."""
    rows = ""
    for phase, commands in ALLOWED.items():
        cells = "".join(
            f"    {_type_of(command)}: [{', '.join(sorted(_text(role.value) for role in roles))}],\n"
            for command, roles in commands.items()
        )
        rows += f"  {phase.value}: {{\n{cells}  }},\n" if cells else f"  {phase.value}: {{}},\n"
    return (
        "/** Which role may ask for what, in which phase; while the room is paused the row `paused` decides. */\n"
        "export const PERMISSIONS: Readonly<\n"
        "  Record<Phase, Readonly<Partial<Record<AnyCommand['type'], readonly Role[]>>>>\n"
        f"> = {{\n{rows}}};\n"
    )


def _type_of(struct: type[Struct]) -> str:
    return str(struct.__struct_config__.tag)


def _comment(doc: str, indent: str = "") -> str:
    """A documentation comment over a declaration; nothing where there is nothing to say."""
    lines = doc.replace("*/", "*\\/").splitlines()
    if not lines:
        return ""
    if len(lines) == 1:
        return f"{indent}/** {lines[0]} */\n"
    body = "".join(f"{indent} * {line}".rstrip() + "\n" for line in lines)
    return f"{indent}/**\n{body}{indent} */\n"


def _text(value: str) -> str:
    """A TypeScript string; our words hold no quotes of their own."""
    return f"'{json.dumps(value, ensure_ascii=False)[1:-1]}'"


def _capitals(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper()
