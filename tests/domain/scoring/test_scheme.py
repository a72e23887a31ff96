import msgspec

from server.domain.scoring import Scheme
from tests.domain.scoring.cases import load


def test_scheme_comes_back_from_json_as_it_was() -> None:
    scheme = load("S14").scheme

    assert msgspec.json.decode(msgspec.json.encode(scheme), type=Scheme) == scheme


def test_scheme_reads_the_numbers_of_a_yaml_file() -> None:
    document = {
        "law": "tendering",
        "criteria": {
            "id": "total",
            "title": "总分",
            "points": 10,
            "children": [{"kind": "members", "id": "plan", "title": "方案", "max_points": 10, "unit": 0.1}],
        },
        "ranking": [{"by": "points", "node": "total"}],
    }

    scheme = msgspec.convert(document, Scheme)

    assert msgspec.to_builtins(scheme)["criteria"]["children"][0]["unit"] == "0.1"


def test_scheme_writes_every_default_into_the_record() -> None:
    written = msgspec.to_builtins(load("S19").scheme)

    assert written["price"]["rounding"] == {"places": 2, "mode": "half_up"}
    assert written["review"] == {"far_percent": "30", "reason_below_percent": None}
