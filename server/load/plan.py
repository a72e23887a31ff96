"""What a load test sits down to: rooms without a tender behind them, with as many seats as are asked for. Pure."""

import json
from typing import Final

from server.domain.ids import Alias

SMALLEST_ROOM: Final = 7
"Five experts, the host's operator and a witness: no room can be smaller."
HOST: Final = Alias("H1")
TITLE: Final = "负载测试"


def load_tender(seats: int, number: int) -> bytes:
    """A tender file for a room of so many seats, all at one venue, in which all see and hear one another.

    Args:
        seats: at least `SMALLEST_ROOM`.
        number: tells the rooms of one test apart.
    """
    experts = seats - 2 - (seats - 2 + 1) % 2  # the committee is odd
    people = [
        {"alias": HOST, "role": "host_operator", "name": "负载测试主持"},
        *({"alias": f"E{n}", "role": "expert", "name": f"负载测试专家{n}"} for n in range(1, experts + 1)),
        *({"alias": f"W{n}", "role": "witness", "name": f"负载测试见证{n}"} for n in range(1, seats - experts)),
    ]
    tender = {
        "title": f"{TITLE} {number}",
        "regime": "enterprise",
        "policy": {"member_names": "never", "retention_years": 1, "recording": "kept"},
        "time_zone": "Asia/Shanghai",
        "venues": {"main": {"name": TITLE, "main": True}},
        "seats": [{**person, "venue": "main"} for person in people],
        "lots": {"L1": _LOT},
        "end": True,
    }
    return json.dumps(tender, ensure_ascii=False).encode()


_LOT: Final = {
    "title": TITLE,
    "bids": {bid: {"title": f"投标文件 {bid}", "bidder": f"投标人 {bid}", "price": "1000000.00"} for bid in "ABC"},
    "checks": [{"id": "form-1", "title": "形式", "basis": "负载测试"}],
    "scheme": {
        "law": "enterprise",
        "criteria": {
            "id": "total",
            "title": "总分",
            "points": 100,
            "children": [
                {"kind": "members", "id": "plan", "title": "方案", "max_points": 40, "unit": 0.5},
                {"kind": "price", "id": "price", "title": "报价", "max_points": 60},
            ],
        },
        "price": {
            "ceiling": 1400000,
            "benchmark": {"statistic": "mean"},
            "formula": {"kind": "deviation", "at_benchmark": 60, "above": {"per_step": 1}, "below": {"per_step": 0.5}},
        },
        "ranking": [{"by": "points", "node": "total"}, {"by": "lot"}],
    },
}
