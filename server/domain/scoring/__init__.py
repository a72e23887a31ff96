"""Scoring: a tender's scheme as data, and what it makes of sheets and prices.

The order in a room: `check_scheme` once; `check_sheet` for every sheet; `aggregate_members` when a stage is revealed;
`score_prices` with the bids that remain; `rank`. Each result is logged as it is and feeds the next step.
"""

from server.domain.scoring.draws import Draws
from server.domain.scoring.errors import (
    BenchmarkUndefined,
    DrawKind,
    DrawNeeded,
    DrawUnknown,
    EvaluatedPriceNotPositive,
    FactMissing,
    OfferMissing,
    PointsMalformed,
    PointsMissing,
    PointsOffUnit,
    PointsOutOfRange,
    PointsUnknown,
    PriceMalformed,
    SheetsMissing,
)
from server.domain.scoring.findings import Finding, consistency_findings
from server.domain.scoring.members import GateFailed, MembersResult, Sheets, aggregate_members
from server.domain.scoring.offers import Offer, Offers
from server.domain.scoring.prices import BidOut, PricesResult, score_prices
from server.domain.scoring.problems import check_scheme
from server.domain.scoring.ranking import RankedBid, Ranking, rank
from server.domain.scoring.scheme import Scheme, ScoringLaw
from server.domain.scoring.scheme_problem import SchemeProblem
from server.domain.scoring.sheets import Sheet, TypedPoints, check_given, check_sheet
from server.domain.scoring.trace import Step

__all__ = [
    "BenchmarkUndefined",
    "BidOut",
    "DrawKind",
    "DrawNeeded",
    "DrawUnknown",
    "Draws",
    "EvaluatedPriceNotPositive",
    "FactMissing",
    "Finding",
    "GateFailed",
    "MembersResult",
    "Offer",
    "OfferMissing",
    "Offers",
    "PointsMalformed",
    "PointsMissing",
    "PointsOffUnit",
    "PointsOutOfRange",
    "PointsUnknown",
    "PriceMalformed",
    "PricesResult",
    "RankedBid",
    "Ranking",
    "Scheme",
    "SchemeProblem",
    "ScoringLaw",
    "Sheet",
    "Sheets",
    "SheetsMissing",
    "Step",
    "TypedPoints",
    "aggregate_members",
    "check_given",
    "check_scheme",
    "check_sheet",
    "consistency_findings",
    "rank",
    "score_prices",
]
