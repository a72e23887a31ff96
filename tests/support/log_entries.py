"""Entries of a log with heads that look like a tree's."""

from hashlib import sha256

from server.evidence.merkle import Head
from server.store.room_log import Entry


def entry(size_before: int, *lines: bytes) -> Entry:
    """The entry that adds these lines to a log of this size."""
    return Entry(head=Head(size=size_before + len(lines), root=sha256(b"\n".join(lines)).digest()), lines=lines)


def entries(count: int) -> list[Entry]:
    """Entries of one line each, from the first on."""
    return [entry(size, b"line %d" % size) for size in range(count)]
