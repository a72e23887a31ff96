"""What was read of a file: parts that are whole, as structs, and where everything stands."""

import re
from collections.abc import Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

from msgspec import convert

from server.tender.messages import Facts
from server.tender.mistakes import Mistake, mistake

T = TypeVar("T")


class Place(NamedTuple):
    """A key or list item of the file."""

    line: int
    value: object
    "Plain: dict, list, str, int, bool or None."


class Field(NamedTuple, Generic[T]):
    """The same field in one of several entries."""

    path: str
    entry: str
    "The key of the entry, or its place in a list."
    value: T


class Reading:
    """A file as far as it could be read; the rules ask it for parts and make mistakes of paths."""

    def __init__(self, places: Mapping[str, Place], mistakes: Sequence[Mistake], last_line: int) -> None:
        self.mistakes = tuple(mistakes)
        "Of form; those of the rules come after."
        self.last_line = last_line
        self._places = places
        self._broken = {start for one in mistakes for start in _beginnings(one.path)}

    def has(self, path: str) -> bool:
        """Whether the file has this key."""
        return path in self._places

    def is_whole(self, path: str) -> bool:
        """Whether the key is there and nothing at or below it has a mistake of form."""
        return path in self._places and path not in self._broken

    def part(self, path: str, kind: type[T]) -> T | None:
        """What stands at a path; None where it is absent or broken."""
        return convert(self._places[path].value, kind) if self.is_whole(path) else None

    def entries(self, path: str) -> dict[str, str]:
        """The paths of all entries, broken ones too: by the key in a mapping, by the place in a list."""
        value = self._places[path].value if path in self._places else None
        if isinstance(value, dict):
            return {str(key): f"{path}.{key}" for key in value}
        count = len(value) if isinstance(value, list) else 0
        return {str(place): f"{path}[{place}]" for place in range(count)}

    def fields(self, path: str, name: str, kind: type[T]) -> list[Field[T]]:
        """One field of each entry, where it is there and whole."""
        paths = {entry: f"{place}.{name}" for entry, place in self.entries(path).items()}
        found = [(place, entry, self.part(place, kind)) for entry, place in paths.items()]
        return [Field(place, entry, value) for place, entry, value in found if value is not None]

    def mistake(self, path: str, code: str, facts: Facts | None = None, *, source: str | None = None) -> Mistake:
        """A mistake at the line of its path."""
        return mistake(path, self.line(path), code, facts, source=source)

    def line(self, path: str) -> int:
        """The line of a path, or of the nearest one above it that stands in the file."""
        return next(self._places[start].line for start in reversed(_beginnings(path)) if start in self._places)


def _beginnings(path: str) -> list[str]:
    """The paths that lead to a path, from the empty one to itself."""
    ends = [found.start() for found in re.finditer(r"[.\[]", path)]
    return ["", *(path[:end] for end in ends), path]
