"""The room that the tests sit in: three venues, two lots, a committee and everybody who keeps order."""

import hashlib
from decimal import Decimal

from server.domain.events import (
    RULES_VERSION,
    AnyEvent,
    BiddersListed,
    BidFileListed,
    BidSealed,
    PersonSealed,
    RoomOpened,
    SeatPlanned,
)
from server.domain.ids import Alias, BidAlias, CheckId, CriterionId, Digest, LotId, RoomId, VenueId
from server.domain.plan import (
    BidPlan,
    Check,
    DocumentFile,
    LotPlan,
    MemberNames,
    Person,
    Policy,
    Recording,
    Regime,
    Venue,
)
from server.domain.roles import Role
from server.domain.scoring import Offer, Scheme, ScoringLaw
from server.domain.scoring.criteria import Aggregation, GivenCriterion, Group, MemberCriterion, PriceCriterion
from server.domain.scoring.exact import Rounding
from server.domain.scoring.price_rule import Benchmark, Deviation, PriceRule, Ratio, Slope, Statistic
from server.domain.scoring.scheme import DrawnLot, HigherPoints, LowerPrice
from server.domain.scoring.trimming import DropCount, Trim

ROOM = RoomId("jia-2026-0042")
JIA, YI, BING = VenueId("jia"), VenueId("yi"), VenueId("bing")
L1, L2 = LotId("L1"), LotId("L2")
A, B, C = BidAlias("A"), BidAlias("B"), BidAlias("C")
SEAL, LICENCE = CheckId("seal"), CheckId("licence")
DESIGN, SAFETY = CriterionId("design"), CriterionId("safety")

SEATS: dict[Alias, tuple[Role, VenueId]] = {
    Alias("H1"): (Role.HOST_OPERATOR, JIA),
    Alias("V1"): (Role.VENUE_OPERATOR, YI),
    Alias("V2"): (Role.VENUE_OPERATOR, BING),
    Alias("A1"): (Role.AGENT, JIA),
    Alias("W1"): (Role.WITNESS, JIA),
    Alias("W2"): (Role.WITNESS, YI),
    Alias("S1"): (Role.SUPERVISOR, YI),
    Alias("U1"): (Role.AUDITOR, JIA),
    Alias("E1"): (Role.EXPERT, JIA),
    Alias("E2"): (Role.EXPERT, YI),
    Alias("E3"): (Role.EXPERT, YI),
    Alias("E4"): (Role.EXPERT, BING),
    Alias("R1"): (Role.REPRESENTATIVE, JIA),
}
"Every role, at every venue whose people may see more of it than others."

CHECKS = (
    Check(id=SEAL, title="签字盖章", basis="招标文件 2.1.1"),
    Check(id=LICENCE, title="营业执照", basis="招标文件 2.1.2"),
)
# Sheets have odd hundredths and results one decimal: a member's points in a result would be a leak, not an accident.
ONE_PLACE = Rounding(places=1)
LOT_ONE = LotPlan(
    title="一标段",
    bids={bid: BidPlan(title=f"投标文件 {bid}", given={CriterionId("credit"): "9"}) for bid in (A, B, C)},
    checks=CHECKS,
    scheme=Scheme(
        law=ScoringLaw.TENDERING,
        criteria=Group(
            id=CriterionId("total"),
            title="总分",
            points=Decimal(100),
            children=(
                Group(
                    id=CriterionId("technical"),
                    title="技术",
                    points=Decimal(60),
                    gate=Decimal(20),
                    aggregation=Aggregation(
                        trim=Trim(rows=(DropCount(at_least=5, highest=1, lowest=1),)), rounding=ONE_PLACE
                    ),
                    children=(
                        MemberCriterion(id=DESIGN, title="方案", max_points=Decimal(40), unit=Decimal("0.01")),
                        MemberCriterion(id=SAFETY, title="安全", max_points=Decimal(20), unit=Decimal("0.01")),
                    ),
                ),
                GivenCriterion(id=CriterionId("credit"), title="信用", max_points=Decimal(10)),
                PriceCriterion(id=CriterionId("price"), title="报价", max_points=Decimal(30)),
            ),
        ),
        price=PriceRule(
            ceiling=Decimal(9_000_000),
            benchmark=Benchmark(
                statistic=Statistic.MEAN,
                coefficients=(Decimal("0.97"), Decimal("0.98"), Decimal("0.99")),
                rounding=ONE_PLACE,
            ),
            formula=Deviation(
                at_benchmark=Decimal(30),
                above=Slope(per_step=Decimal(1), max_loss=Decimal(20)),
                below=Slope(per_step=Decimal("0.5"), max_loss=Decimal(20)),
            ),
            rounding=ONE_PLACE,
        ),
        ranking=(HigherPoints(node=CriterionId("total")), LowerPrice(), DrawnLot()),
    ),
)
"With a gate, trimming, points given with the bid and a drawn coefficient."

LOT_TWO = LotPlan(
    title="二标段",
    bids={bid: BidPlan(title=f"投标文件 {bid}", given={}) for bid in (A, B)},
    checks=CHECKS[:1],
    scheme=Scheme(
        law=ScoringLaw.TENDERING,
        criteria=Group(
            id=CriterionId("total"),
            title="总分",
            points=Decimal(70),
            aggregation=Aggregation(drop_widest_from=5, rounding=ONE_PLACE),
            children=(
                MemberCriterion(id=DESIGN, title="方案", max_points=Decimal(40), unit=Decimal("0.01")),
                PriceCriterion(id=CriterionId("price"), title="报价", max_points=Decimal(30)),
            ),
        ),
        price=PriceRule(benchmark=Benchmark(statistic=Statistic.LOWEST), formula=Ratio(), rounding=ONE_PLACE),
        ranking=(HigherPoints(node=CriterionId("total")), LowerPrice(), DrawnLot()),
    ),
)
"Equal prices: members who score alike make a tie, and all of them equally wide."

LOTS = {L1: LOT_ONE, L2: LOT_TWO}
OFFERS = {
    L1: {A: Offer(price="8137411.53"), B: Offer(price="8244127.31"), C: Offer(price="8399113.77")},
    L2: {A: Offer(price="5120733.19"), B: Offer(price="5120733.19")},
}
BIDDERS = {L1: {A: "松江建设", B: "柏川工程", C: "竹溪实业"}, L2: {A: "松江建设", B: "梅岭路桥"}}


def person(alias: Alias) -> Person:
    """A name like no other text of the room."""
    return Person(name=f"姓名·{alias}·", organisation=f"单位·{alias}·", title=f"职称·{alias}·")


def opening(
    *,
    seats: dict[Alias, tuple[Role, VenueId]] | None = None,
    lots: dict[LotId, LotPlan] | None = None,
    names: MemberNames = MemberNames.AT_SIGNING,
    regime: Regime = Regime.TENDERING_LAW,
    files: bool = False,
    recording: Recording = Recording.OFF,
    cover_faces: bool = False,
    change_voices: bool = False,
    record_desktops: bool = False,
) -> list[AnyEvent]:
    """The events that open a room; by default all seats and both lots, and no files of bids."""
    seats, lots = seats or SEATS, lots or LOTS
    venues = {JIA: "甲市", YI: "乙县", BING: "丙县"}
    opened = RoomOpened(
        rules=RULES_VERSION,
        room=ROOM,
        title="远程异地评标",
        regime=regime,
        policy=Policy(
            member_names=names,
            retention_years=15,
            recording=recording,
            cover_faces=cover_faces,
            change_voices=change_voices,
            record_desktops=record_desktops,
        ),
        venues={
            venue: Venue(name=name, main=venue == JIA, issuing_certificate=f"issuing {venue}".encode())
            for venue, name in venues.items()
        },
        lots=lots,
        pledge="遵守评标纪律, 保守秘密",
        log_key="jia.example+00000000+key",
        witnesses=("yi.example+00000000+key", "bing.example+00000000+key"),
        quorum=1,
        client=None,
        time_zone="Asia/Shanghai",
        continues=None,
    )
    bidders = sorted({name for lot in lots for name in BIDDERS[lot].values()})
    return [
        opened,
        *(SeatPlanned(alias=alias, role=role, venue=venue) for alias, (role, venue) in seats.items()),
        *(PersonSealed(alias=alias, person=person(alias)) for alias in seats),
        BiddersListed(names=tuple(bidders)),
        *(
            BidSealed(lot=lot, bid=bid, bidder=BIDDERS[lot][bid], offer=OFFERS[lot][bid])
            for lot, plan in lots.items()
            for bid in plan.bids
        ),
        *(bid_file(lot, bid) for lot, plan in lots.items() for bid in plan.bids if files),
    ]


def bid_file(lot: LotId, bid: BidAlias) -> BidFileListed:
    """A file that nobody wrote: only its name matters to the rules."""
    sha256 = Digest(hashlib.sha256(f"{lot} {bid}".encode()).hexdigest())
    return BidFileListed(lot=lot, bid=bid, title=f"技术标·{lot}{bid}·", file=DocumentFile(sha256=sha256, size=70_001))
