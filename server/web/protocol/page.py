"""The protocol's description: `server/protocol.md`."""

import json
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, Final

import msgspec
from msgspec import Struct

from server.domain.audiences import Audience
from server.domain.lines import LineHead
from server.web.client_errors import CLOSE
from server.web.protocol import examples
from server.web.protocol.contents import (
    COMMANDS,
    EVENTS,
    FRAMES_FROM_SEAT,
    FRAMES_TO_SEAT,
    IN_FRAMES,
    SIGNAL_FROM_SEAT,
    SIGNAL_TO_SEAT,
    frame_types,
    json_types,
    name_of,
    rejections,
    tag_of,
)
from server.web.protocol.docs import doc_of, field_docs
from server.web.protocol.example_room import command_text, line_of
from server.web.protocol.rules import RULES
from server.web.protocol.shapes import Field, ListOf, MapOf, Named, OneOf, Scalar, Shape, Words, fields_of, is_struct

_WIDTH: Final = 100
"Columns of an example."

_SCALARS: Final = {Scalar.NOTHING: "null", Scalar.FLAG: "true or false", Scalar.DECIMAL: "decimal text"}


def page() -> str:
    """The whole page."""
    return "\n".join(
        (
            RULES,
            _part("Frames from a seat", (_frame(each, examples.FRAMES_FROM_SEAT) for each in FRAMES_FROM_SEAT)),
            _part("Frames from the server", (_frame(each, examples.FRAMES_TO_SEAT) for each in FRAMES_TO_SEAT)),
            _part("Signal frames from a seat", (_frame(each, examples.SIGNAL_FROM_SEAT) for each in SIGNAL_FROM_SEAT)),
            _part("Signal frames from the server", (_frame(each, examples.SIGNAL_TO_SEAT) for each in _signal_alone())),
            _part("Commands", (_command(each) for each in COMMANDS)),
            _part("Events", (_event(each) for each in EVENTS)),
            _part("Parts", (_struct(each) for each in _part_types())),
            "## Ids\n\n" + _table(("Name", ""), ((name_of(each), doc_of(each)) for each in _ids())),
            _part("Words", (_enum(each) for each in _named() if issubclass(each, Enum))),
            "## Refusals\n\n" + _table(("Code", "Sentence"), _quoted(rejections())),
            "## Goodbyes\n\n" + _table(("Code", "WebSocket close code"), _quoted(CLOSE)),
        )
    )


def _signal_alone() -> list[type[Struct]]:
    """What the server sends on the signal socket and not on the other one."""
    return [each for each in SIGNAL_TO_SEAT if each not in FRAMES_TO_SEAT]


def _part(title: str, sections: Iterable[str]) -> str:
    return f"## {title}\n\n" + "\n".join(sections)


def _named() -> list[type]:
    return [each for each in (*json_types(), *frame_types()) if isinstance(each, type)]


def _ids() -> list[Any]:
    return [each for each in (*json_types(), *frame_types()) if not isinstance(each, type)]


def _part_types() -> list[type[Struct]]:
    """The structs that are no command, event or frame but stand in one, or in the view."""
    roots = {*COMMANDS, *EVENTS, *IN_FRAMES}
    return [each for each in _named() if is_struct(each) and each not in roots]


def _frame(frame: type[Struct], of: Iterable[Struct]) -> str:
    return _struct(frame) + _example(msgspec.to_builtins(example_of(frame, of)))


def _command(command: type[Struct]) -> str:
    text = command_text(example_of(command, examples.COMMANDS))
    own = {"type", *(field.name for field in fields_of(command))}
    return _struct(command) + _example({name: value for name, value in json.loads(text).items() if name in own})


def _event(event: type[Struct]) -> str:
    audience: Audience = vars(event).get("audience", Audience.EVERYONE)
    seen = f"Audience: `{audience.value}`.{' Personal.' if vars(event).get('personal') else ''}\n\n"
    line = json.loads(line_of(example_of(event, examples.EVENTS)))
    head = {field.name for field in fields_of(LineHead)}
    return _struct(event, seen) + _example({name: value for name, value in line.items() if name not in head})


def example_of(struct: type[Struct], among: Iterable[Any]) -> Any:
    """The example of a frame, command or event.

    Raises:
        TypeError: there is not exactly one.
    """
    found = [each for each in among if type(each) is struct]
    if len(found) != 1:
        raise TypeError(f"{len(found)} examples of {struct.__name__}")
    return found[0]


def _struct(struct: type[Struct], note: str = "") -> str:
    tag, docs = tag_of(struct), field_docs(struct)
    title = f"{name_of(struct)}: `{tag[1]}`" if tag else name_of(struct)
    rows = [(f"`{field.name}`", _field_type(field), _one_line(docs.get(field.name, ""))) for field in fields_of(struct)]
    kind = [(f"`{tag[0]}`", f"`{tag[1]}`", "")] if tag else []
    place = "An array, in this order.\n\n" if struct.__struct_config__.array_like else ""
    return f"### {title}\n\n{doc_of(struct)}\n\n{note}{place}{_table(('Field', 'Type', ''), (*kind, *rows))}"


def _enum(enum: type[Enum]) -> str:
    docs = field_docs(enum)
    rows = ((f"`{each.value}`", _one_line(docs.get(each.name, ""))) for each in enum)
    return f"### {enum.__name__}\n\n{doc_of(enum)}\n\n" + _table(("Word", ""), rows)


def _field_type(field: Field) -> str:
    return _type(field.shape) + (", absent where it has none" if field.is_omitted else "")


def _type(shape: Shape) -> str:
    match shape:
        case Scalar():
            return _SCALARS.get(shape, shape.value)
        case Named(of):
            return name_of(of)
        case ListOf(item):
            return f"[{_type(item)}, …]"
        case MapOf(key, value):
            return f"{{{_type(key)}: {_type(value)}}}"
        case OneOf(choices):
            return " or ".join(_type(choice) for choice in choices)
        case Words(words):
            return " or ".join(f"`{word}`" for word in words)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, ("---",) * len(head), *rows))


def _quoted(codes: Mapping[str, object]) -> Iterable[tuple[str, str]]:
    return ((f"`{code}`", str(says)) for code, says in codes.items())


def _one_line(doc: str) -> str:
    return " ".join(doc.split())


def _example(value: Mapping[str, Any]) -> str:
    return f"\n```json\n{_written(value, '')}\n```\n"


def _written(value: Any, indent: str) -> str:
    """JSON on one line where it fits, otherwise one entry a line."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(indent) + len(flat) <= _WIDTH or not isinstance(value, dict | list):
        return flat
    deeper = indent + "  "
    if isinstance(value, dict):
        entries = [f"{json.dumps(name, ensure_ascii=False)}: {_written(each, deeper)}" for name, each in value.items()]
        opening, closing = "{}"
    else:
        entries = [_written(each, deeper) for each in value]
        opening, closing = "[]"
    return opening + ",".join(f"\n{deeper}{entry}" for entry in entries) + f"\n{indent}{closing}"
