import re
from pathlib import Path
from typing import get_args

from server.domain.ids import BidAlias, CriterionId
from server.domain.scoring import Step
from server.domain.scoring.trace import StepCode
from server.reports.trace_sentences import SENTENCES, shortened, trace_sentences
from tests.domain.scoring.schemes import group, member

CLIENT = Path(__file__).parents[2] / "client_web" / "src" / "i18n" / "zhCNResults.ts"
ROOT = group("技术标", "10", member("方案"))


def test_every_step_has_a_sentence() -> None:
    assert set(SENTENCES) == set(get_args(StepCode))


def test_the_sentences_are_those_of_the_members_pages() -> None:
    trace = CLIENT.read_text(encoding="utf-8").partition("  trace: {")[2]
    shown: list[tuple[str, str]] = re.findall(r"^ +(\w+):\s+'(.*)',$", trace, re.MULTILINE)

    sentences = {code: text for code, text in shown if code not in {"title", "common"}}

    assert sentences == SENTENCES


def test_a_step_is_told_with_its_bid_its_criterion_and_its_numbers() -> None:
    steps = (
        Step(
            code="mean",
            bid=BidAlias("A"),
            node=CriterionId("方案"),
            operands={"E1": "13", "E2": "12.33333333"},
            result="12.6666666667",
        ),
        Step(code="sum", node=CriterionId("技术标"), operands={"方案": "12"}, result="12"),
        Step(code="highest_dropped", bid=BidAlias("A"), node=CriterionId("方案"), who="E1", result="13"),
    )

    assert trace_sentences(steps, ROOT) == (
        "A｜方案：E1 13、E2 12.333333… 的平均值 = 12.666666…。",
        "技术标：方案 12 相加 = 12。",
        "A｜方案：去掉一个最高值 13（E1）。",
    )


def test_a_trimmed_price_has_no_criterion_and_no_member() -> None:
    steps = (Step(code="highest_dropped", bid=BidAlias("B"), result="880"),)

    assert trace_sentences(steps, ROOT) == ("B｜去掉一个最高价 880，不计入基准价。",)


def test_long_decimals_are_shortened_visibly() -> None:
    assert [shortened(text) for text in ("13.3333333333", "13.333333", "13")] == ["13.333333…", "13.333333", "13"]
