"""From a price and its benchmark to points, before the result is cut to the criterion's range and rounded."""

from fractions import Fraction
from typing import NamedTuple

from server.domain.scoring.benchmark import Basis
from server.domain.scoring.exact import RoundingMode, whole
from server.domain.scoring.price_rule import Deviation, Formula, Interpolated, Ratio, Slope
from server.domain.scoring.trace import StepCode, Trace

_WHOLE_STEPS: dict[RoundingMode, StepCode] = {
    RoundingMode.HALF_UP: "whole_steps_half_up",
    RoundingMode.HALF_EVEN: "whole_steps_half_even",
    RoundingMode.DOWN: "whole_steps_down",
    RoundingMode.UP: "whole_steps_up",
}


class Scored(NamedTuple):
    """What a formula makes of one price."""

    points: Fraction
    deviation: Fraction | None
    "Percent of the benchmark, rounded where the scheme says so; None where the formula needs none."


def scored(formula: Formula, price: Fraction, basis: Basis, full: Fraction, trace: Trace) -> Scored:
    """The points of one price; `full` are the criterion's full marks."""
    match formula:
        case Ratio():
            operands = {"benchmark": basis.benchmark, "price": price, "full": full}
            return Scored(trace.step("ratio_points", full * basis.benchmark / price, operands), None)
        case Interpolated():
            return Scored(_interpolated(formula, price, basis, trace), None)
        case _:
            deviation = _deviation(formula, price, basis.benchmark, trace)
            return Scored(_by_deviation(formula, deviation, trace), deviation)


def _interpolated(formula: Interpolated, price: Fraction, basis: Basis, trace: Trace) -> Fraction:
    lowest, highest = min(basis.kept.values()), max(basis.kept.values())
    best, worst = Fraction(formula.best_points), Fraction(formula.worst_points)
    share = (price - lowest) / (highest - lowest) if highest > lowest else Fraction(0)
    operands = {"price": price, "lowest": lowest, "highest": highest, "best": best, "worst": worst}
    return trace.step("interpolated_points", best - share * (best - worst), operands)


def _deviation(formula: Deviation, price: Fraction, benchmark: Fraction, trace: Trace) -> Fraction:
    percent = (price - benchmark) / benchmark * 100
    trace.step("deviation_percent", percent, {"price": price, "benchmark": benchmark})
    return trace.round(percent, formula.deviation_rounding)


def _by_deviation(formula: Deviation, deviation: Fraction, trace: Trace) -> Fraction:
    at_benchmark = Fraction(formula.at_benchmark)
    slope = formula.above if deviation > 0 else formula.below
    loss = _loss(slope, _steps(formula, abs(deviation), trace), trace)
    return trace.step("deviation_points", at_benchmark - loss, {"at_benchmark": at_benchmark, "loss": loss})


def _steps(formula: Deviation, percent: Fraction, trace: Trace) -> Fraction:
    size = Fraction(formula.step_percent)
    if formula.whole_steps is None:
        return percent / size
    steps = Fraction(whole(percent / size, formula.whole_steps))
    return trace.step(_WHOLE_STEPS[formula.whole_steps], steps, {"percent": percent, "step_percent": size})


def _loss(slope: Slope, steps: Fraction, trace: Trace) -> Fraction:
    per_step = Fraction(slope.per_step)
    loss = trace.step("loss", steps * per_step, {"steps": steps, "per_step": per_step})
    if slope.max_loss is None or loss <= Fraction(slope.max_loss):
        return loss
    return trace.step("loss_limited", Fraction(slope.max_loss), {"loss": loss})
