"""The report's ranking, and the candidates (中标候选人) that follow from it."""

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from server.domain.scoring import RankedBid
from server.reports.document import Block, Column, Paragraph, Table
from server.reports.numbers import aligned
from server.reports.scheme_words import tie_step_words
from server.reports.subject import Subject
from server.reports.trace_sentences import shortened

MOST_CANDIDATES: Final = 3
"Source: 实施条例, Art. 53."

NOBODY: Final = "没有参加排序的投标，不推荐中标候选人。"


def ranking_blocks(subject: Subject) -> tuple[Block, ...]:
    """经评审的投标人排序."""
    return tuple(_ranking(subject)) or (Paragraph(text=NOBODY),)


def _ranking(subject: Subject) -> Iterator[Block]:
    order = _order(subject)
    if not order:
        return
    columns = (
        Column(title="名次", align="center"),
        Column(title="投标文件", share=2),
        Column(title="投标人", share=4),
        Column(title="投标报价", align="right"),
        Column(title="总分", align="right"),
    )
    yield Table(columns=columns, rows=_rows(subject, order))
    steps = subject.lot.ranked.ranking.tie_steps if subject.lot.ranked else ()
    if steps:
        words = "、".join(tie_step_words(step, subject.plan.scheme.criteria) for step in steps)
        yield Paragraph(text=f"前一规则相同的，依次按以下规则区分：{words}。")


def _rows(subject: Subject, order: tuple[RankedBid, ...]) -> tuple[tuple[str, ...], ...]:
    ranks = [each.rank for each in order]
    prices = aligned([subject.price(each.bid) for each in order])
    totals = aligned([shortened(each.total) for each in order])
    return tuple(
        (
            f"{each.rank}（并列）" if ranks.count(each.rank) > 1 else str(each.rank),
            subject.bid(each.bid),
            subject.bidder(each.bid),
            prices[place],
            totals[place],
        )
        for place, each in enumerate(order)
    )


def candidate_blocks(subject: Subject) -> tuple[Block, ...]:
    """推荐的中标候选人名单: at most three, in order."""
    return tuple(_candidates(subject)) or (Paragraph(text=NOBODY),)


def _candidates(subject: Subject) -> Iterator[Block]:
    order = _order(subject)
    fitting = _fitting(order)
    if fitting:
        columns = (
            Column(title="推荐次序", align="center"),
            Column(title="投标文件", share=2),
            Column(title="中标候选人", share=4),
            Column(title="投标报价", align="right"),
            Column(title="总分", align="right"),
        )
        yield Table(columns=columns, rows=_rows(subject, order)[:fitting])
    if fitting < min(MOST_CANDIDATES, len(order)):
        rank = order[fitting].rank
        names = "、".join(subject.bid(each.bid) for each in order if each.rank == rank)
        yield Paragraph(text=f"{names}并列第 {rank} 名，其中推荐何者由{subject.owner}按招标文件的规定确定。")


def _fitting(order: tuple[RankedBid, ...]) -> int:
    """How many bids are candidates: whole ranks only, so that nobody is chosen here among equals."""
    fitting = 0
    for _, equal in groupby(order, key=lambda each: each.rank):
        count = len(list(equal))
        if fitting + count > MOST_CANDIDATES:
            break
        fitting += count
    return fitting


def _order(subject: Subject) -> tuple[RankedBid, ...]:
    return subject.lot.ranked.ranking.order if subject.lot.ranked else ()
