"""The scoring scheme of one lot (评标办法): all that the tender document says about points, prices and ranks.

It is data: a tender's scheme is written in YAML, stands as JSON in the room's first event, and is judged by
`problems.check_scheme`. Every other function here expects a scheme without problems. Decimals are texts in JSON.
"""

import enum
from decimal import Decimal

from msgspec import Struct

from server.domain.ids import CriterionId
from server.domain.scoring.criteria import Group
from server.domain.scoring.price_rule import PriceRule


class ScoringLaw(enum.Enum):
    """Whose rules limit the scheme."""

    TENDERING = "tendering"
    "招标投标法: the tender document chooses the formula."
    PROCUREMENT_GOODS = "procurement_goods"
    "政府采购 (87号令), goods."
    PROCUREMENT_SERVICES = "procurement_services"
    CONSULTATION_GOODS = "consultation_goods"
    "竞争性磋商, goods."
    CONSULTATION_SERVICES = "consultation_services"
    ENTERPRISE = "enterprise"


class _RankStep(Struct, tag_field="by", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What all steps of a ranking share."""


class HigherPoints(_RankStep, tag="points", frozen=True):
    """More points first, in all (the root's id) or in one group or criterion."""

    node: CriterionId


class LowerPrice(_RankStep, tag="price", frozen=True):
    """The lower bid price first."""


class LowerEvaluatedPrice(_RankStep, tag="evaluated_price", frozen=True):
    """The lower evaluated price first (经评审的最低投标价法)."""


class CloserToBenchmark(_RankStep, tag="distance", frozen=True):
    """The evaluated price nearer to the benchmark first."""


class DrawnLot(_RankStep, tag="lot", frozen=True):
    """The order of a recorded draw."""


RankStep = HigherPoints | LowerPrice | LowerEvaluatedPrice | CloserToBenchmark | DrawnLot


class Review(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What is pointed out to the committee before it confirms; nothing is corrected by it."""

    far_percent: Decimal = Decimal(30)
    "A member's total for a bid that lies farther than this from the members' mean, in percent of the mean (畸高畸低)."
    reason_below_percent: Decimal | None = None
    "Points below this share of a criterion's maximum need a written reason."


class Scheme(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """How one lot is scored and ranked."""

    law: ScoringLaw
    criteria: Group
    "The root; without children where only prices decide."
    price: PriceRule | None = None
    ranking: tuple[RankStep, ...]
    "The first step ranks, each next one only parts those still equal; who is equal to the end shares a rank."
    review: Review = Review()
