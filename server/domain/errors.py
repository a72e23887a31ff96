"""Everything that can go wrong, by what the caller should do.

LianpingError
├── Rejection           tell the person; the room is as it was (`code` is stable, the client translates it)
├── AppendConflict      someone else wrote first: read on, decide again
├── AppendUncertain     the log may or may not hold the entry: ask the log, never answer "refused" before
└── EvidenceBroken      the stored record contradicts what was signed: stop this room, raise an alarm

Anything else is a bug and is never caught. Classes carry data, `__str__` makes the sentence.
"""

from typing import ClassVar


class LianpingError(Exception):
    """The root of all our errors."""


class Rejection(LianpingError):
    """The rules forbid a command; nothing has changed.

    Subclasses name the fact that stops it and set `code` and `sentence`;
    `sentence` is an English format string over the keyword arguments.
    """

    code: ClassVar[str] = "rejected"
    sentence: ClassVar[str] = "The command was refused."

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.sentence.format(**facts))


class AppendConflict(LianpingError):
    """Another writer appended after the head that was decided on."""


class AppendUncertain(LianpingError):
    """A time-out or a lost connection: the entry may stand in the log or not."""


class EvidenceBroken(LianpingError):
    """The log contradicts a head that was signed, or its own tree."""
