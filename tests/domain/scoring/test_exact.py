from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.scoring.exact import Rounding, RoundingMode, parsed, rounded, shown, whole


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("13.5", Fraction(27, 2)), ("-0.25", Fraction(-1, 4))])
def test_parsed_reads_plain_decimals(text: str, number: Fraction) -> None:
    assert parsed(text, places=2) == number


@pytest.mark.parametrize(
    "text",
    [
        *("", " 1", "1 ", "+1", "-0", "-0.00", "01", ".5", "5.", "1e2", "1E2", "１３", "1.2.3", "1,5", "1_0", "0x1"),
        *("NaN", "Infinity", "1.234", "1\n", "1" * 16),
    ],
)
def test_parsed_refuses_everything_else(text: str) -> None:
    assert parsed(text, places=2) is None


@pytest.mark.parametrize(
    ("text", "mode", "expected"),
    [
        ("2.5", RoundingMode.HALF_UP, 3),
        ("-2.5", RoundingMode.HALF_UP, -3),
        ("2.49", RoundingMode.HALF_UP, 2),
        ("2.5", RoundingMode.HALF_EVEN, 2),
        ("3.5", RoundingMode.HALF_EVEN, 4),
        ("2.51", RoundingMode.HALF_EVEN, 3),
        ("2.99", RoundingMode.DOWN, 2),
        ("-2.99", RoundingMode.DOWN, -2),
        ("2.01", RoundingMode.UP, 3),
        ("2", RoundingMode.UP, 2),
    ],
)
def test_whole_rounds_by_mode(text: str, mode: RoundingMode, expected: int) -> None:
    assert whole(Fraction(text), mode) == expected


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(100), "100"),
        (Fraction(-1, 200), "-0.005"),
        (Fraction(1, 2**12), "0.000244140625"),
        (Fraction(1, 3), "0.3333333333"),
        (Fraction(-200, 3), "-66.6666666667"),
        (Fraction(1, 3 * 10**11), "0"),
        (Fraction(10**12 + 1, 3 * 10**11), "3.3333333333"),
    ],
)
def test_shown_is_the_shortest_plain_decimal(number: Fraction, text: str) -> None:
    assert shown(number) == text


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=6), st.integers(0, 6))
def test_rounded_agrees_with_the_decimal_module(number: Decimal, places: int) -> None:
    with localcontext() as context:
        context.prec = 60
        exponent = Decimal(1).scaleb(-places)
        expected = {
            RoundingMode.HALF_UP: number.quantize(exponent, ROUND_HALF_UP),
            RoundingMode.HALF_EVEN: number.quantize(exponent, ROUND_HALF_EVEN),
        }

    result = {mode: rounded(Fraction(number), Rounding(places=places, mode=mode)) for mode in expected}

    assert result == {mode: Fraction(value) for mode, value in expected.items()}


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=6))
def test_shown_keeps_every_decimal(number: Decimal) -> None:
    assert Fraction(shown(Fraction(number))) == Fraction(number)
