"""What a tender's text may not say of the files of its bids; the files themselves are not looked at here."""

from collections.abc import Iterator
from typing import NamedTuple

from server.tender.messages import Facts
from server.tender.mistakes import Mistake
from server.tender.reading import Reading


class _Named(NamedTuple):
    """Where a file was named first."""

    path: str
    lot: str
    bidder: str | None


def bid_file_mistakes(reading: Reading) -> Iterator[Mistake]:
    """Every file that is named a second time; the bids of one bidder on several lots may share it."""
    first: dict[str, _Named] = {}
    for lot in reading.entries("lots").values():
        for bid in reading.entries(f"{lot}.bids").values():
            bidder = reading.part(f"{bid}.bidder", str)
            for file in reading.fields(f"{bid}.files", "file", str):
                named = _Named(file.path, lot, bidder)
                earlier = first.setdefault(file.value, named)
                if earlier != named and not (earlier.bidder == bidder and earlier.lot != lot):
                    facts: Facts = {"file": file.value, "first_line": reading.line(earlier.path)}
                    yield reading.mistake(file.path, "bid_file_repeated", facts)
