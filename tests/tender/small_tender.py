"""A tender as short as can be, and ways to spoil it."""

from typing import Final

import pytest

from server.tender.mistakes import TenderRefused
from server.tender.read import read_tender

Found = tuple[int, str, str]
"Line, path and code of a mistake."

SMALL: Final = """\
title: 小项目
regime: tendering_law
policy: {member_names: open, retention_years: 15}
venues:
  a: {name: 甲县中心, main: true}
  b: {name: 乙县中心}
seats:
  - {alias: E1, role: expert, venue: a, name: 赵𬱖, organisation: 一院}
  - {alias: E2, role: expert, venue: a, name: 王龘}
  - {alias: E3, role: expert, venue: b, name: 阿依古丽·买买提}
  - {alias: E4, role: expert, venue: b, name: no}
  - {alias: R1, role: representative, venue: a, name: 2025-01-01}
  - {alias: H1, role: host_operator, venue: a, name: 何一}
  - {alias: V1, role: venue_operator, venue: b, name: 魏一}
lots:
  L1:
    title: 一标段
    bids:
      A: {title: 标书甲, bidder: 远峰公司, price: 100.50, facts: {months: 10}, given: {credit: 4}}
      B: {title: 标书乙, bidder: 北辰公司, price: "90", facts: {months: 12}, given: {credit: 5}}
      C: {title: 标书丙, bidder: 凯源公司, price: 95, facts: {months: 9}, given: {credit: 3.5}}
    checks:
      - {id: f1, title: 签字盖章, basis: 2.1.1}
      - {id: f2, title: 资质, basis: 2.1.2}
    scheme:
      law: tendering
      criteria:
        id: total
        title: 总分
        points: 100
        children:
          - {kind: members, id: plan, title: 方案, max_points: 35, unit: 1}
          - {kind: given, id: credit, title: 信用, max_points: 5, unit: 0.5}
          - {kind: price, id: price, title: 报价, max_points: 60}
      price:
        adjustments: [{kind: per_unit, fact: months, required: 10, above_loss: 1}]
        benchmark: {statistic: lowest}
        formula: {kind: ratio}
      ranking: [{by: points, node: total}, {by: price}]
end: true
"""


def changed(*changes: tuple[str, str], text: str = SMALL) -> str:
    """The text with each piece, which must stand in it once, replaced."""
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def line_of(text: str, piece: str) -> int:
    """The first line, from 1, that holds a piece."""
    return text[: text.index(piece)].count("\n") + 1


def refusal(text: str) -> TenderRefused:
    """How a text is refused."""
    with pytest.raises(TenderRefused) as caught:
        read_tender(text)
    return caught.value


def found_in(text: str) -> list[Found]:
    """The mistakes of a text."""
    return [(one.line, one.path, one.code) for one in refusal(text).mistakes]


def with_files(**files: str) -> str:
    """The small tender with the `files:` of some of its bids, as YAML."""
    changes = [(f"{{credit: {points}}}}}", f"{{credit: {points}}}, files: {{}}}}") for points in ("4", "5", "3.5")]
    text = SMALL
    for bid, (old, new) in zip("ABC", changes, strict=True):
        if bid in files:
            text = changed((old, new.replace("{}", files[bid])), text=text)
    return text
