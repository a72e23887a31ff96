"""Whether a lot's bids, checks and scheme fit each other and the law.

Each rule looks at the fields it is about, so a mistake elsewhere in a bid does not hide it. What bids owe the scheme
is asked only of a scheme without problems.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final
from unicodedata import normalize

from msgspec.structs import replace

from server.domain.errors import Rejection
from server.domain.ids import BidAlias
from server.domain.plan import Regime
from server.domain.roles import MEMBERS, Role
from server.domain.scoring import EvaluatedPriceNotPositive, Offer, Scheme, ScoringLaw, check_given, check_scheme
from server.domain.scoring.criteria import Group, given_criteria, nodes
from server.domain.scoring.offers import evaluated_price
from server.domain.scoring.trace import Trace
from server.tender.messages import Facts
from server.tender.mistakes import Mistake
from server.tender.reading import Reading
from server.tender.shown import shown_text
from server.tender.tender_file import CRITERION_LIMIT, ID_FORM

_LAWS: Final = {
    Regime.TENDERING_LAW: (ScoringLaw.TENDERING,),
    Regime.GOVERNMENT_PROCUREMENT: (
        ScoringLaw.PROCUREMENT_GOODS,
        ScoringLaw.PROCUREMENT_SERVICES,
        ScoringLaw.CONSULTATION_GOODS,
        ScoringLaw.CONSULTATION_SERVICES,
    ),
    Regime.ENTERPRISE: (ScoringLaw.ENTERPRISE,),
}
"Which scoring laws a scheme may name."
_LEAST_BIDS: Final = {Regime.TENDERING_LAW: 3, Regime.GOVERNMENT_PROCUREMENT: 3}
"With fewer submissions nothing may be opened."
_LEAST_BIDS_SOURCE: Final = "CTS-EBS01-2016, B-018; 招标投标法, Art. 28"


def lot_mistakes(reading: Reading) -> Iterator[Mistake]:
    """Every mistake of the lots."""
    for path in reading.entries("lots").values():
        yield from _count_mistakes(reading, f"{path}.bids")
        yield from _bids_mistakes(reading, f"{path}.bids")
        yield from _check_mistakes(reading, f"{path}.checks")
        scheme = reading.part(f"{path}.scheme", Scheme)
        if scheme is not None:
            problems = list(_scheme_mistakes(reading, f"{path}.scheme", scheme))
            yield from problems or _fit_mistakes(reading, f"{path}.bids", scheme)
    yield from _conflict_mistakes(reading)


def _count_mistakes(reading: Reading, path: str) -> Iterator[Mistake]:
    regime, count = reading.part("regime", Regime), len(reading.entries(path))
    least = 1 if regime is None else _LEAST_BIDS.get(regime, 1)
    if count < least and (count or reading.is_whole(path)):
        facts: Facts = {"count": count, "least": least}
        yield reading.mistake(path, "bids_too_few", facts, source=_LEAST_BIDS_SOURCE if least > 1 else None)


def _bids_mistakes(reading: Reading, path: str) -> Iterator[Mistake]:
    for price in reading.fields(path, "price", str):
        if Decimal(price.value) <= 0:
            yield reading.mistake(price.path, "price_not_positive", {"price": price.value})
    first: dict[str, str] = {}
    for bidder in reading.fields(path, "bidder", str):
        if (earlier := first.setdefault(_compared(bidder.value), bidder.path)) != bidder.path:
            facts: Facts = {"bidder": bidder.value, "first_line": reading.line(earlier)}
            yield reading.mistake(bidder.path, "bidder_repeated", facts, source="实施条例, Art. 51")
    titles = reading.fields(path, "title", str)
    for bid in reading.entries(path).values():
        titles += reading.fields(f"{bid}.files", "title", str)
    for title in titles:
        if any(name in _compared(title.value) for name in first):
            yield reading.mistake(title.path, "title_names_bidder", {"title": title.value})


def _check_mistakes(reading: Reading, path: str) -> Iterator[Mistake]:
    first: dict[str, str] = {}
    for check in reading.fields(path, "id", str):
        if not re.fullmatch(ID_FORM, check.value):
            yield reading.mistake(check.path, "id_malformed", {"found": shown_text(check.value)})
        if (earlier := first.setdefault(check.value, check.path)) != check.path:
            facts: Facts = {"id": check.value, "first_line": reading.line(earlier)}
            yield reading.mistake(check.path, "check_repeated", facts)


def _scheme_mistakes(reading: Reading, path: str, scheme: Scheme) -> Iterator[Mistake]:
    for problem in check_scheme(scheme):
        facts: Facts = {"advice": problem.message}
        yield reading.mistake(f"{path}.{problem.path}", f"scheme_{problem.code}", facts, source=problem.source)
    count = sum(not isinstance(node, Group) for node in nodes(scheme.criteria))
    if count > CRITERION_LIMIT:
        yield reading.mistake(f"{path}.criteria", "too_many", {"count": count, "limit": CRITERION_LIMIT})
    regime = reading.part("regime", Regime)
    if regime is not None and scheme.law not in _LAWS[regime]:
        expected = " / ".join(law.value for law in _LAWS[regime])
        facts = {"law": scheme.law.value, "regime": regime.value, "expected": expected}
        yield reading.mistake(f"{path}.law", "law_of_other_regime", facts)


def _fit_mistakes(reading: Reading, path: str, scheme: Scheme) -> Iterator[Mistake]:
    """What the scheme needs of every bid and does not find, and what it has no use for."""
    for name, bid in reading.entries(path).items():
        if reading.entries(bid):
            yield from _given_mistakes(reading, bid, BidAlias(name), scheme)
            yield from _facts_mistakes(reading, bid, BidAlias(name), scheme)


def _given_mistakes(reading: Reading, path: str, bid: BidAlias, scheme: Scheme) -> Iterator[Mistake]:
    given = _numbers(reading, f"{path}.given")
    if given is None:
        return
    criteria = given_criteria(scheme.criteria)
    known: list[str] = [criterion.id for criterion in criteria]
    for name in given:
        if name not in known:
            facts: Facts = {"bid": bid, "criterion": name, "known": _listed(known)}
            yield reading.mistake(f"{path}.given.{name}", "points_unknown", facts)
    for criterion in criteria:
        # The rule that judges sheets stops at the first wrong cell, so it is asked about one criterion at a time.
        alone = replace(scheme, criteria=replace(scheme.criteria, children=(criterion,)))
        cell = {criterion.id: given[criterion.id]} if criterion.id in given else {}
        try:
            check_given(alone, [bid], {bid: cell})
        except Rejection as refusal:
            yield reading.mistake(f"{path}.given.{criterion.id}", refusal.code, _facts_of(refusal))


def _facts_mistakes(reading: Reading, path: str, bid: BidAlias, scheme: Scheme) -> Iterator[Mistake]:
    numbers, price = _numbers(reading, f"{path}.facts"), reading.part(f"{path}.price", str)
    if numbers is None:
        return
    known = list(dict.fromkeys(one.fact for one in scheme.price.adjustments)) if scheme.price else []
    for name in numbers:
        if name not in known:
            facts: Facts = {"bid": bid, "fact": name, "known": _listed(known)}
            yield reading.mistake(f"{path}.facts.{name}", "fact_unknown", facts)
    missing = [name for name in known if name not in numbers]
    for name in missing:
        yield reading.mistake(f"{path}.facts.{name}", "fact_missing", {"bid": bid, "fact": name})
    if missing or not scheme.price or price is None or Decimal(price) <= 0:
        return
    try:
        evaluated_price(scheme.price, bid, {bid: Offer(price=price, facts=numbers)}, Trace())
    except EvaluatedPriceNotPositive as refusal:
        yield reading.mistake(f"{path}.facts", refusal.code, _facts_of(refusal))


def _conflict_mistakes(reading: Reading) -> Iterator[Mistake]:
    """Members who work for a bidder."""
    lots = reading.entries("lots").values()
    bidders = {_compared(bid.value) for lot in lots for bid in reading.fields(f"{lot}.bids", "bidder", str)}
    members = {role.entry for role in reading.fields("seats", "role", Role) if role.value in MEMBERS}
    for organisation in reading.fields("seats", "organisation", str):
        if organisation.entry in members and _compared(organisation.value) in bidders:
            facts: Facts = {"organisation": organisation.value}
            yield reading.mistake(organisation.path, "member_of_bidder", facts, source="12号令, Art. 12")


def _numbers(reading: Reading, path: str) -> dict[str, str] | None:
    """Numbers by name: empty where the file has none, None where they are broken."""
    return reading.part(path, dict[str, str]) if reading.has(path) else {}


def _facts_of(refusal: Rejection) -> Facts:
    return {name: str(fact) for name, fact in refusal.facts.items()}


def _compared(name: str) -> str:
    """A name as it is compared: full-width signs and spaces make no difference."""
    return "".join(normalize("NFKC", name).split())


def _listed(names: list[str]) -> str:
    return " / ".join(names) or "—"
