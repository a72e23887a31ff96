"""The report's items about bids: as they were opened, which ones conform, which ones were rejected and why."""

from collections.abc import Iterator
from typing import Final

from server.domain.ids import BidAlias
from server.domain.rules.examination import COMPETITION_FLOOR
from server.domain.scoring.offers import OutCode
from server.reports.document import Block, Column, Paragraph, Section, Table
from server.reports.numbers import NONE, aligned, plain
from server.reports.subject import Subject, in_order
from server.reports.trace_sentences import shortened, title_of
from server.reports.wide_tables import WideRow, wide_tables

_OUT: Final[dict[OutCode, str]] = {
    "above_ceiling": "报价高于最高投标限价，不再参与评审",
    "outside_valid_range": "报价不在有效范围内，不再参与评审",
    "excluded_from_benchmark": "报价被评标办法排除，不再参与评审",
}

_BID: Final = Column(title="投标文件", share=2)
_BIDDER: Final = Column(title="投标人", share=4)


def opening_record(subject: Subject) -> tuple[Block, ...]:
    """开标记录: who bid what, and what the prices are held against."""
    return tuple(_opening_record(subject))


def _opening_record(subject: Subject) -> Iterator[Block]:
    bids = subject.bids
    facts = _fact_names(subject)
    columns = (_BID, _BIDDER, Column(title="投标报价", align="right"), *(Column(title=f, align="right") for f in facts))
    prices = aligned([subject.price(bid) for bid in bids])
    values = [aligned([_fact(subject, bid, name) for bid in bids]) for name in facts]
    rows = tuple(
        (subject.bid(bid), subject.bidder(bid), prices[place], *(column[place] for column in values))
        for place, bid in enumerate(bids)
    )
    yield Table(columns=columns, rows=rows)
    yield Paragraph(text="报价的货币和单位以招标文件为准。")
    if subject.lot.prices_opened_at is None:
        yield Paragraph(
            text="本标段在报价开启之前结束评审：投标人与报价在系统内仍为密封状态，开标记录由"
            + subject.owner
            + "另行附入。"
            "递交投标文件的投标人（按名称排序，含本项目其他标段）：" + "、".join(subject.room.bidders) + "。"
        )
    rule = subject.plan.scheme.price
    if rule is not None and rule.reference is not None:
        yield Paragraph(text=f"标底（控制价）：{plain(rule.reference)}。")
    if rule is not None and rule.ceiling is not None:
        yield Paragraph(text=f"最高投标限价：{plain(rule.ceiling)}。")


def _fact_names(subject: Subject) -> list[str]:
    if subject.lot.prices_opened_at is None:
        return []
    return list(dict.fromkeys(name for one in subject.lot.identities.values() for name in one.offer.facts))


def _fact(subject: Subject, bid: BidAlias, name: str) -> str:
    return subject.lot.identities[bid].offer.facts.get(name, NONE)


def conforming_bids(subject: Subject) -> tuple[Block, ...]:
    """符合要求的投标一览表: what passed the preliminary examination, and how far it went."""
    if not subject.admitted:
        return (Paragraph(text="没有符合要求的投标。"),)
    columns = (_BID, _BIDDER, Column(title="详细评审", share=4))
    rows = tuple((subject.bid(bid), subject.bidder(bid), how_far(subject, bid)) for bid in subject.admitted)
    return (Table(columns=columns, rows=rows),)


def how_far(subject: Subject, bid: BidAlias) -> str:
    """What became of an admitted bid."""
    lot = subject.lot
    for failed in lot.members.result.gated_out if lot.members else ():
        if failed.bid == bid:
            group = title_of(subject.plan.scheme.criteria, failed.group)
            points = shortened(failed.points)
            return f"{group}得分 {points}，低于入围线 {failed.gate}，未进入价格评审"
    for out in lot.prices.result.out if lot.prices else ():
        if out.bid == bid:
            return _OUT[out.code]
    return "参加排序"


def rejected_bids(subject: Subject) -> tuple[Block, ...]:
    """否决投标的情况说明: the minuted reasons, the votes, and whether those that are left still compete."""
    return tuple(_rejected_bids(subject)) or (Paragraph(text="没有被否决的投标。"),)


def _rejected_bids(subject: Subject) -> Iterator[Block]:
    examination = subject.lot.examination
    if examination is None:
        return
    if examination.rejected:
        columns = (
            _BID,
            _BIDDER,
            Column(title="未通过的评审项（通过∶不通过）", share=5),
            Column(title="否决理由", share=6),
        )
        rows = tuple(
            (subject.bid(bid), subject.bidder(bid), _failed_checks(subject, bid), examination.rejected[bid])
            for bid in in_order(examination.rejected)
        )
        yield Table(columns=columns, rows=rows)
    if not subject.admitted:
        yield Paragraph(text="全部投标均被否决，本标段没有排序，不推荐中标候选人。")
    elif examination.competition:
        few = f"有效投标为 {len(subject.admitted)} 份，不足 {COMPETITION_FLOOR} 份"
        yield Paragraph(text=f"{few}，评标委员会关于竞争性的意见：{examination.competition}")


def _failed_checks(subject: Subject, bid: BidAlias) -> str:
    tallies = subject.lot.examination.tallies[bid] if subject.lot.examination else {}
    failed = [
        f"{check.title}（{check.basis}）{tallies[check.id].in_favour}∶{tallies[check.id].against}"
        for check in subject.plan.checks
        if not tallies[check.id].passed
    ]
    return "；".join(failed)


def tally_appendix(subject: Subject) -> Section:
    """How the committee voted on every check of every bid, and what members minuted against a bid."""
    return Section(title="初步评审表决情况", blocks=tuple(_tallies(subject)))


def _tallies(subject: Subject) -> Iterator[Block]:
    if subject.lot.examination is None:
        return
    tallies = subject.lot.examination.tallies
    rows = [
        WideRow(
            heads=(f"{check.title}（{check.basis}）",),
            cells=tuple(f"{tallies[bid][check.id].in_favour}∶{tallies[bid][check.id].against}" for bid in subject.bids),
        )
        for check in subject.plan.checks
    ]
    title = "各评审项的表决（通过∶不通过）"
    yield from wide_tables(title, (Column(title="评审项", share=2),), subject.bids, rows)
    against = tuple(_findings(subject))
    if against:
        columns = (
            Column(title="成员"),
            Column(title="投标文件", share=2),
            Column(title="评审项", share=4),
            Column(title="意见", share=6),
        )
        yield Table(title="成员认为不通过的理由", columns=columns, rows=against)


def _findings(subject: Subject) -> Iterator[tuple[str, ...]]:
    for member in subject.members:
        sheet = subject.lot.verdicts.get(member, {})
        for bid in in_order(sheet):
            for check in subject.plan.checks:
                if not sheet[bid][check.id].passed:
                    yield member, subject.bid(bid), check.title, sheet[bid][check.id].reason
