from decimal import Decimal

from server.reports.numbers import NONE, aligned, plain, rounded


def test_decimals_are_written_as_short_as_can_be() -> None:
    assert [plain(Decimal(text)) for text in ("0.50", "100", "12.0", "0.05")] == ["0.5", "100", "12", "0.05"]


def test_a_column_has_as_many_decimals_as_its_longest_number() -> None:
    assert aligned(["13", "12.5", NONE, "-0.25", "未开启"]) == ("13.00", "12.50", NONE, "-0.25", "未开启")
    assert aligned([]) == ()


def test_numbers_are_rounded_half_up_by_their_magnitude() -> None:
    assert [rounded(text, 2) for text in ("-0.0292825769", "3.4", "1.005", "-1.005")] == [
        "-0.03",
        "3.4",
        "1.01",
        "-1.01",
    ]
