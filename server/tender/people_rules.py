"""Whether venues, seats and committee make a proceeding that the law allows.

Each rule looks at the fields it is about, so a mistake elsewhere in a seat does not hide it. Only what counts seats
needs every one of them.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from server.domain.plan import Regime
from server.domain.roles import MEMBERS, OPERATORS, Role
from server.tender.messages import Facts
from server.tender.mistakes import Mistake
from server.tender.reading import Field, Reading
from server.tender.scalars import nearest
from server.tender.tender_file import SeatEntry, VenueEntry

LARGE_BUDGET_YUAN: Final = 10_000_000
"1000万元以上. Source: 87号令, Art. 47."
_LARGE_SIZE: Final = 7
_SIZE: Final = {
    Regime.TENDERING_LAW: (5, "招标投标法, Art. 37"),
    Regime.GOVERNMENT_PROCUREMENT: (5, "87号令, Art. 47"),
}
"The least number of members; an enterprise makes its own rule."


def people_mistakes(reading: Reading) -> Iterator[Mistake]:
    """Every mistake of venues and seats."""
    roles = reading.fields("seats", "role", Role)
    places = reading.fields("seats", "venue", str)
    yield from _seat_mistakes(reading, roles, places)
    yield from _person_mistakes(reading)
    yield from _venue_mistakes(reading, roles, places)
    if roles and len(roles) == len(reading.entries("seats")):
        yield from _committee_mistakes(reading, [role.value for role in roles])


def _seat_mistakes(reading: Reading, roles: list[Field[Role]], places: list[Field[str]]) -> Iterator[Mistake]:
    for role in roles:
        if role.value is Role.CHAIR:
            yield reading.mistake(role.path, "chair_planned", source="12号令, Art. 9; 87号令, Art. 45")
    venues = list(reading.entries("venues"))
    for place in places:
        if venues and place.value not in venues:
            facts: Facts = {"venue": place.value, "expected": nearest(place.value, venues)}
            yield reading.mistake(place.path, "venue_unknown", facts)
    first: dict[str, str] = {}
    for alias in reading.fields("seats", "alias", str):
        if (earlier := first.setdefault(alias.value, alias.path)) != alias.path:
            facts = {"alias": alias.value, "first_line": reading.line(earlier)}
            yield reading.mistake(alias.path, "alias_repeated", facts)


def _person_mistakes(reading: Reading) -> Iterator[Mistake]:
    """One person, one seat: the same name in the same organisation, or without any."""
    first: dict[tuple[str, str], str] = {}
    for path in reading.entries("seats").values():
        seat = reading.part(path, SeatEntry)
        if seat is not None and (earlier := first.setdefault((seat.name, seat.organisation), path)) != path:
            facts: Facts = {"name": seat.name, "first_line": reading.line(f"{earlier}.name")}
            yield reading.mistake(f"{path}.name", "person_repeated", facts)


def _venue_mistakes(reading: Reading, roles: list[Field[Role]], places: list[Field[str]]) -> Iterator[Mistake]:
    if not reading.is_whole("venues"):
        return
    venues = reading.part("venues", dict[str, VenueEntry]) or {}
    mains = [name for name, venue in venues.items() if venue.main]
    if not mains:
        yield reading.mistake("venues", "main_venue_missing")
    for name in mains[1:]:
        facts: Facts = {"venue": name, "first": mains[0], "first_line": reading.line(f"venues.{mains[0]}.main")}
        yield reading.mistake(f"venues.{name}.main", "main_venue_repeated", facts)
    if len(mains) == 1:
        wanted = {name: Role.HOST_OPERATOR if venue.main else Role.VENUE_OPERATOR for name, venue in venues.items()}
        yield from _operator_mistakes(reading, wanted, roles, places)


def _operator_mistakes(
    reading: Reading, wanted: dict[str, Role], roles: list[Field[Role]], places: list[Field[str]]
) -> Iterator[Mistake]:
    """A venue's operator confirms its seats: the host operator at the main venue, a venue operator at each other."""
    venue_of = {place.entry: place.value for place in places}
    for role in roles:
        venue = venue_of.get(role.entry)
        if role.value in OPERATORS and venue in wanted and wanted[venue] is not role.value:
            yield reading.mistake(role.path, "operator_misplaced", {"role": role.value.value, "venue": venue})
    count = len(reading.entries("seats"))
    if len(roles) == len(places) == count and count:
        present = {(venue_of[role.entry], role.value) for role in roles}
        for name, role_there in wanted.items():
            if (name, role_there) not in present:
                facts: Facts = {"venue": name, "role": role_there.value}
                yield reading.mistake(f"venues.{name}", "operator_missing", facts)


def _committee_mistakes(reading: Reading, roles: list[Role]) -> Iterator[Mistake]:
    count, experts = sum(role in MEMBERS for role in roles), roles.count(Role.EXPERT)
    if not count:
        yield reading.mistake("seats", "committee_missing")
        return
    regime = reading.part("regime", Regime)
    if regime is None or regime not in _SIZE:
        return
    least, source = _SIZE[regime]
    if regime is Regime.GOVERNMENT_PROCUREMENT and Decimal(reading.part("budget_yuan", str) or 0) >= LARGE_BUDGET_YUAN:
        least = _LARGE_SIZE
    if count < least:
        yield reading.mistake("seats", "committee_too_small", {"count": count, "least": least}, source=source)
    if count % 2 == 0:
        yield reading.mistake("seats", "committee_even", {"count": count}, source=source)
    if experts * 3 < count * 2:
        facts: Facts = {"experts": experts, "count": count, "least": -(-count * 2 // 3)}
        yield reading.mistake("seats", "experts_too_few", facts, source=source)
