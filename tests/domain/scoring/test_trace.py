from fractions import Fraction

import msgspec

from server.domain.ids import BidAlias, CriterionId
from server.domain.scoring.exact import TWO_PLACES
from server.domain.scoring.trace import Step, Trace, mean


def test_step_gives_its_result_and_notes_decimal_texts() -> None:
    trace = Trace()

    result = trace.step("mean", Fraction(1, 3), {"E1": Fraction(1, 2)}, who="E1")

    assert result == Fraction(1, 3)
    assert trace.steps() == (Step(code="mean", who="E1", operands={"E1": "0.5"}, result="0.3333333333"),)


def test_about_fills_in_bid_and_node_of_the_same_trace() -> None:
    trace = Trace()

    trace.about(bid=BidAlias("A")).about(node=CriterionId("plan")).step("sum", Fraction(1))
    trace.step("sum", Fraction(2))

    assert trace.steps() == (
        Step(code="sum", bid=BidAlias("A"), node=CriterionId("plan"), result="1"),
        Step(code="sum", result="2"),
    )


def test_round_notes_only_what_changes() -> None:
    trace = Trace()

    results = [trace.round(Fraction(1, 3), None), trace.round(Fraction(1, 2), TWO_PLACES)]
    results.append(trace.round(Fraction(1, 8), TWO_PLACES))

    assert results == [Fraction(1, 3), Fraction(1, 2), Fraction(13, 100)]
    assert trace.steps() == (Step(code="rounded_half_up", operands={"value": "0.125", "places": "2"}, result="0.13"),)


def test_step_leaves_out_of_json_what_it_does_not_say() -> None:
    assert msgspec.json.encode(Step(code="sum", result="1")) == b'{"code":"sum","result":"1"}'


def test_mean_divides_exactly() -> None:
    assert mean([Fraction(1), Fraction(0), Fraction(0)]) == Fraction(1, 3)
