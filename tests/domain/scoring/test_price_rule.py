import msgspec
import pytest

from server.domain.scoring.price_rule import Benchmark, Filter, PriceRule


def test_filter_without_a_kind_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="missing required field `kind`"):
        msgspec.json.decode(b'{"trim":{}}', type=Filter)


def test_more_than_six_places_are_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="<= 6"):
        msgspec.json.decode(b'{"rounding":{"places":7}}', type=PriceRule)


def test_benchmark_defaults_to_the_plain_statistic() -> None:
    benchmark = msgspec.json.decode(b'{"statistic":"mean"}', type=Benchmark)

    assert msgspec.to_builtins(benchmark) == {
        "statistic": "mean",
        "counted": "remaining",
        "filters": (),
        "reference_weight": "0",
        "coefficients": ("1",),
        "rounding": None,
    }
