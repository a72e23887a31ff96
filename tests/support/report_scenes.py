"""Rooms to report on: the golden sittings, the textbook's, and crowded ones with long titles and many bids.

Those that are cached stay as they are: nobody acts in them.
"""

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from random import Random
from typing import Final

from msgspec.structs import replace

from server.demo.script import next_act
from server.domain import commands as c
from server.domain.ids import Alias, BidAlias, CriterionId, LotId
from server.domain.phases import Phase
from server.domain.scoring.criteria import Group, MemberCriterion
from server.reports.document import ReportDocument
from server.reports.report_document import ReportFacts, report_document
from server.tender.opening import opening_events
from server.tender.read import read_tender
from server.tender.template import textbook as whole_textbook
from server.tender.template import textbook_text
from server.tender.tender_file import Acts, BidEntry, Failure, Tender
from tests.support.golden_logs import plain, replaced_members, returned_sheets
from tests.support.room_plan import L1, L2, LOTS, ROOM, A, B, opening
from tests.support.room_scenes import conclude, enrol, examine, operator_of, run_to
from tests.support.room_world import World

MATTERS = "第一中标候选人须在签订合同前提交履约担保。\n并就跨汛期施工的度汛方案作出书面承诺。"
CLARIFICATIONS = "评标委员会就投标文件 D 的工期横道图提出书面澄清，投标人答复：总工期 540 日历天，未改变实质性内容。"


@cache
def textbook() -> World:
    """The published worked example: seven members, six bids."""
    return played(read_tender(textbook_text()).tender)


@cache
def rejecting() -> World:
    """The textbook's room in which the majority rejects four of six bids, and one member dissents on a fifth."""
    tender = read_tender(textbook_text()).tender
    check = tender.lots[L1].checks[0].id
    members = ("E1", "E2", "E3", "E4", "E7")
    failures = tuple(
        Failure(member=Alias(member), bid=BidAlias(bid), check=check, reason="投标函未加盖单位公章")
        for bid in "BCEF"
        for member in members
    )
    lone = Failure(member=Alias("E6"), bid=A, check=check, reason="签字处字迹模糊")
    acts = replace(tender.acts or Acts(), failures=(*failures, lone), competition="两家报价相互独立，仍具有竞争性")
    return played(replace(tender, acts=acts))


@cache
def crowded(bids: int = 14) -> World:
    """The textbook's committee with many bids and several criteria with long titles."""
    tender = read_tender(textbook_text()).tender
    lot = tender.lots[L1]
    aliases = [BidAlias(name) for name in _aliases(bids)]
    random = Random(bids)
    names = ("远峰水利", "北辰路桥", "凯源建工", "安澜水务", "买买提吐尔逊·阿卜杜热合曼", "赵𬱖龘")
    entries = {
        alias: BidEntry(
            title=f"投标文件 {alias}",
            bidder=f"{names[place % len(names)]}第{place + 1}工程局（集团）股份有限公司",
            price=f"{random.randint(120_000_000, 145_000_000)}.{random.randint(10, 99)}",
            given=lot.bids[A].given,
        )
        for place, alias in enumerate(aliases)
    }
    scheme = lot.scheme
    technical, price = scheme.criteria.children
    if not isinstance(technical, Group) or scheme.price is None:
        raise AssertionError("the textbook has a technical group and a price rule")
    plan, *given = technical.children
    if not isinstance(plan, MemberCriterion):
        raise AssertionError("the textbook's members score the plan")
    titles = (
        "施工总体布置、导流与度汛方案、关键工程施工方法及其针对性和可行性",
        "质量管理体系与措施",
        "安全文明施工、水土保持与环境保护措施（含汛期应急预案与人员撤离路线）",
    )
    scored = [
        replace(plan, id=CriterionId(f"plan-{place}"), title=title, max_points=Decimal(5))
        for place, title in enumerate(titles)
    ]
    criteria = replace(scheme.criteria, children=(replace(technical, gate=None, children=(*scored, *given)), price))
    rule = replace(scheme.price, reference=Decimal("132456789.12"))
    points = {
        seat.alias: {bid: {each.id: f"{random.randint(4, 10) / 2:.1f}" for each in scored} for bid in aliases}
        for seat in tender.seats
    }
    return played(
        replace(
            tender,
            lots={L1: replace(lot, bids=entries, scheme=replace(scheme, criteria=criteria, price=rule))},
            acts=Acts(points=points),
        )
    )


def _aliases(count: int) -> list[str]:
    letters = [chr(ord("A") + place) for place in range(26)]
    return [*letters, *(f"A{letter}" for letter in letters)][:count]


def minority() -> World:
    """The golden sitting with two dissenting members, carried on to the lock."""
    world = run_to(World(opening(lots={L2: LOTS[L2]}), seed=14), Phase.EXAMINATION)
    for member in ("E1", "E2", "E3", "E4", "R1"):
        examine(world, L2, member, {B: "印章模糊"} if member in {"E3", "R1"} else None)
    conclude(world, L2)
    return run_to(world, Phase.LOCKED)


def played(tender: Tender) -> World:
    """A tender's room, every seat played by the demo's script until only the report is left to do."""
    events = opening_events(
        tender,
        room=ROOM,
        documents=whole_textbook().documents,
        issuing_certificates={venue: f"issuing {venue}".encode() for venue in tender.venues},
        log_key="host.example+00000000+key",
        witnesses=("host.example+00000001+key",),
        quorum=1,
        client=None,
        records=False,
    )
    world = World(events, seed=21)
    for alias in sorted(world.room.seats, key=lambda one: operator_of(world.room, one) != one):
        enrol(world, alias)
    acts = tender.acts or Acts()
    while (act := _next(world, acts)) is not None:
        world.act(*act)
    return world


def _next(world: World, acts: Acts) -> tuple[Alias, c.AnyCommand] | None:
    for alias in world.room.seats:
        command = next_act(world.room, alias, acts)
        if command is not None and not isinstance(command, c.IssueReport):
            return alias, command
    return None


def reported(
    world: World, lot: LotId = L1, *, version: int = 1, matters: str = "", minutes: str = ""
) -> ReportDocument:
    """The report of a room as it stands."""
    size = len(world.raw)
    facts = ReportFacts(
        version=version, matters=matters, clarifications=minutes, at=world.now, size=size, root=world.root_at(size)
    )
    return report_document(world.room, lot, facts)


SCENES: Final[dict[str, Callable[[], ReportDocument]]] = {
    "textbook": lambda: reported(textbook(), matters=MATTERS, minutes=CLARIFICATIONS),
    "rejecting": lambda: reported(rejecting(), version=2),
    "crowded": lambda: reported(crowded()),
    "forty": lambda: reported(crowded(40)),
    "plain": lambda: reported(plain()),
    "returned-sheets": lambda: reported(returned_sheets(), L2),
    "replaced-members": lambda: reported(replaced_members()),
    "no-bid-left": lambda: reported(replaced_members(), L2),
    "minority": lambda: reported(minority(), L2),
}
"Reports by what is unusual about their room."
