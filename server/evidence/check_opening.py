"""Does the first entry plan one room, and nothing else? No person signed it and no rule decides it again.

All later checks rest on it: seats at known venues, every bid sealed, and numbers that can be calculated with.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import takewhile
from typing import Final

from msgspec import Struct

from server.domain.events import BiddersListed, BidFileListed, BidSealed, PersonSealed, RoomOpened, SeatPlanned
from server.domain.ids import BidAlias, LotId
from server.domain.lines import Line
from server.evidence.check_lines import place
from server.evidence.verdict import Check, Finding, Outcome

DECIMAL_LIMIT: Final = 30
"Digits and exponent of a number in a scheme; with ten digits of exponent a computer is busy for ever."

_SETUP: Final = (RoomOpened, SeatPlanned, PersonSealed, BiddersListed, BidSealed, BidFileListed)


def check_opening(lines: Sequence[Line], opening: RoomOpened) -> Check:
    """Check the lines that nobody's command caused."""
    entry = list(takewhile(lambda line: line.head.cause is None, lines))
    findings = (*_foreign(entry, opening), *_unsealed(entry, opening), *_incalculable(opening))
    return Check(code="opening_sound", failure=Outcome.BROKEN, findings=findings)


def _foreign(entry: Sequence[Line], opening: RoomOpened) -> Iterator[Finding]:
    planned = set()
    for number, line in enumerate(entry):
        event, where = line.event, place(number)
        if not isinstance(event, _SETUP):
            yield Finding(reason="nobody's command caused it, and it does not plan the room", where=where)
        if isinstance(event, SeatPlanned):
            if event.venue not in opening.venues or event.alias in planned:
                yield Finding(reason=f"{event.alias} sits at no venue of the room, or twice", where=where)
            planned.add(event.alias)
        if isinstance(event, PersonSealed) and event.alias not in planned:
            yield Finding(reason=f"{event.alias} has no seat", where=where)
        if isinstance(event, BidFileListed) and (event.lot, event.bid) not in _planned_bids(opening):
            yield Finding(reason=f"a file of bid {event.bid} of lot {event.lot}, which is not planned", where=where)


def _unsealed(entry: Sequence[Line], opening: RoomOpened) -> Iterator[Finding]:
    """Every bid of every lot is sealed once, and no other is."""
    sealed = Counter((line.event.lot, line.event.bid) for line in entry if isinstance(line.event, BidSealed))
    planned = Counter(_planned_bids(opening))
    for lot, bid in (sealed - planned) + (planned - sealed):
        yield Finding(reason=f"bid {bid} of lot {lot} is not sealed just once", where=place(0))


def _planned_bids(opening: RoomOpened) -> list[tuple[LotId, BidAlias]]:
    return [(lot, bid) for lot, plan in opening.lots.items() for bid in plan.bids]


def _incalculable(opening: RoomOpened) -> Iterator[Finding]:
    for lot, plan in opening.lots.items():
        if not all(map(_is_plain, _decimals(plan.scheme))):
            yield Finding(reason=f"the scheme of lot {lot} has numbers that nobody calculates with", where=place(0))


def _is_plain(number: Decimal) -> bool:
    _, digits, exponent = number.as_tuple()
    return isinstance(exponent, int) and abs(exponent) <= DECIMAL_LIMIT and len(digits) <= DECIMAL_LIMIT


def _decimals(value: object) -> Iterator[Decimal]:
    """Every decimal in a scheme, however deep."""
    if isinstance(value, Decimal):
        yield value
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from _decimals(getattr(value, name))
    elif isinstance(value, tuple):
        for each in value:
            yield from _decimals(each)
