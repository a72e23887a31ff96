"""YAML or JSON text as a tree of plain nodes, each with its line; nothing is interpreted here.

JSON is read by the same rules, being a part of YAML 1.2. Of YAML only the data remains: anchors, aliases, tags,
directives and further documents are refused, so a file can neither grow when it is read nor name a type. A scalar
stays the text that was written (`no`, `2.50`, `2025-01-01`); what it means is decided by the field it stands in.
"""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from server.tender.mistakes import Mistake, mistake
from server.tender.shown import shown_character, shown_text

DEPTH_LIMIT: Final = 40
"Lists and mappings in each other; a deep scheme has some twenty."


class Scalar(Struct, frozen=True):
    """A single value, as written."""

    text: str
    plain: bool
    "Without quotes: it may be a number, a truth value or nothing at all."
    line: int


class Items(Struct, frozen=True):
    """A list."""

    items: tuple["Node", ...]
    line: int


class Pairs(Struct, frozen=True):
    """A mapping, repeated keys included."""

    pairs: tuple[tuple[Scalar, "Node"], ...]
    line: int


Node = Scalar | Items | Pairs


class Unreadable(Exception):
    """The text has no tree; the mistakes say why. It never leaves this folder: `read_tender` refuses the file."""

    def __init__(self, *mistakes: Mistake) -> None:
        self.mistakes = mistakes
        super().__init__(mistakes[0].message)


def tree_of(text: str) -> Node:
    """The tree of one document.

    Raises:
        Unreadable: the syntax is wrong (then with one mistake), or things are used that are no plain data.
    """
    builder = _Builder(YAML(typ="safe", pure=True).parse(text))
    try:
        tree = builder.build()
    except MarkedYAMLError as error:
        line = min(error.problem_mark.line + 1, len(text.splitlines()))
        raise Unreadable(mistake("", line, "syntax", {"problem": shown_text(error.problem)})) from error
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        character = shown_character(chr(error.character))
        raise Unreadable(mistake("", line, "character_forbidden", {"character": character})) from error
    except (ValueError, OverflowError) as error:
        # ruamel.yaml 0.19 hands \UFFFFFFFF to chr() unchecked.
        raise Unreadable(mistake("", builder.line, "syntax", {"problem": shown_text(str(error))})) from error
    if builder.mistakes:
        raise Unreadable(*builder.mistakes)
    return tree


class _Builder:
    """Makes nodes of events and notes what is no plain data."""

    def __init__(self, events: Iterator[Event]) -> None:
        self.mistakes: list[Mistake] = []
        self.line = 1
        "Of the latest event."
        self._events = events

    def build(self) -> Node:
        """The tree of the first document; a file without any is a scalar without text."""
        trees: list[Node] = []
        while (event := self._next()) is not None:
            if isinstance(event, DocumentStartEvent):
                if trees:
                    self._note("yaml_documents")
                if event.version is not None or event.tags is not None:
                    self._note("yaml_directive")
                trees.append(self._node(self._next(), depth=1))
        return trees[0] if trees else Scalar(text="", plain=True, line=1)

    def _next(self) -> Event | None:
        event = next(self._events, None)
        if event is not None:
            self.line = event.start_mark.line + 1
        return event

    def _note(self, code: str, **facts: str | int) -> None:
        self.mistakes.append(mistake("", self.line, code, facts))

    def _node(self, event: Event | None, *, depth: int) -> Node:
        line = self.line
        if depth > DEPTH_LIMIT:
            raise Unreadable(mistake("", line, "yaml_too_deep", {"limit": DEPTH_LIMIT}))
        self._note_extras(event)
        match event:
            case SequenceStartEvent():
                return Items(items=tuple(self._items(depth)), line=line)
            case MappingStartEvent():
                return Pairs(pairs=tuple(self._pairs(depth)), line=line)
            case ScalarEvent():
                return Scalar(text=_joined(event.value), plain=event.style is None, line=line)
            case _:
                return Scalar(text="", plain=True, line=line)

    def _note_extras(self, event: Event | None) -> None:
        """What a node carries beside its data; an alias is no node at all."""
        if isinstance(event, AliasEvent):
            self._note("yaml_alias", name=shown_text(str(event.anchor)))
        elif isinstance(event, NodeEvent) and event.anchor is not None:
            self._note("yaml_anchor", name=shown_text(str(event.anchor)))
        if getattr(event, "tag", None) is not None:
            self._note("yaml_tag")

    def _items(self, depth: int) -> Iterator[Node]:
        while not isinstance(event := self._next(), SequenceEndEvent):
            yield self._node(event, depth=depth + 1)

    def _pairs(self, depth: int) -> Iterator[tuple[Scalar, Node]]:
        while not isinstance(event := self._next(), MappingEndEvent):
            key = self._node(event, depth=depth + 1)
            if not isinstance(key, Scalar):
                self._note("yaml_key")
                key = Scalar(text="", plain=True, line=key.line)
            yield key, self._node(self._next(), depth=depth + 1)


def _joined(text: str) -> str:
    """The text with halves of characters joined: JSON writes those beyond U+FFFF as two escapes of four digits."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
