"""What is wrong with a tender file: every mistake with its place, and the refusal that carries them all."""

from collections.abc import Sequence
from typing import ClassVar

from msgspec import Struct

from server.domain.errors import Rejection
from server.tender.messages import Facts, Language, hint_of, message_of


class Mistake(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing to mend, where it stands, and what to write instead."""

    path: str
    "Such as `lots.L1.bids.A.price`; empty for the file as a whole."
    line: int
    "In the file, from 1."
    code: str
    "Stable; `messages.message_of` and the client translate it with the facts."
    message: str
    "English."
    hint: str
    "English; what to write instead."
    source: str | None = None
    "The law that wants it, if one does."
    facts: Facts = {}


class TenderRefused(Rejection):
    """The file is no tender that a room could be opened with; nothing was created."""

    code: ClassVar[str] = "tender_refused"
    sentence: ClassVar[str] = "{name} has {count} mistakes; the first is in line {line}: {message}"

    def __init__(self, name: str, mistakes: Sequence[Mistake]) -> None:
        self.name = name
        self.mistakes = tuple(sorted(mistakes, key=lambda mistake: (mistake.line, mistake.path, mistake.code)))
        first = self.mistakes[0]
        super().__init__(name=name, count=len(self.mistakes), line=first.line, message=first.message)


def mistake(path: str, line: int, code: str, facts: Facts | None = None, *, source: str | None = None) -> Mistake:
    """A mistake with its English sentences."""
    facts = facts or {}
    return Mistake(
        path=path,
        line=line,
        code=code,
        message=message_of(code, facts, Language.ENGLISH),
        hint=hint_of(code, facts, Language.ENGLISH),
        source=source,
        facts=facts,
    )
