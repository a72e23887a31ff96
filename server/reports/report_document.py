"""The evaluation report (评标报告) of one lot as a document: pure, every text ready to be set.

Source: 12号令, Art. 42: ten items, in this order; 87号令, Art. 58 asks for no other ones.
"""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from server.domain.ids import Alias, Digest, LotId, Millis
from server.domain.phases import Stage
from server.domain.plan import Regime
from server.domain.roles import Role
from server.domain.scoring.criteria import member_criteria
from server.domain.state import RoomState, StageState
from server.reports.document import (
    Block,
    Column,
    Fact,
    Facts,
    Paragraph,
    ReportDocument,
    Section,
    SignaturePlace,
    Table,
)
from server.reports.report_bids import conforming_bids, opening_record, rejected_bids, tally_appendix
from server.reports.report_criteria import criteria_blocks
from server.reports.report_ranking import candidate_blocks, ranking_blocks
from server.reports.report_scores import calculation_appendix, score_blocks
from server.reports.report_talks import talk_appendix
from server.reports.subject import Subject, field_of, subject_of
from server.reports.times import local_time

NOTHING: Final = "无。"

_REGIMES: Final[dict[Regime, str]] = {
    Regime.TENDERING_LAW: "招标投标法",
    Regime.GOVERNMENT_PROCUREMENT: "政府采购法",
    Regime.ENTERPRISE: "企业采购",
}
_STAGES: Final[dict[Stage, str]] = {Stage.EXAMINATION: "初步评审", Stage.SCORING: "详细评审"}

DECLARATION: Final = (
    "评标委员会成员对本报告的评审结论负责。对评审结论持有异议的成员，可以书面方式阐述其不同意见和理由；"
    "拒绝签名且不陈述不同意见和理由的，视为同意评审结论。",
    "本报告由评标委员会成员逐一电子签名；签名证书由系统内置的证书机构签发，该机构不是依法设立的电子认证服务提供者。",
)


class ReportFacts(Struct, frozen=True, kw_only=True):
    """What the report says beside what the room's lines say."""

    version: int
    "Of this lot's report, from 1."
    matters: str
    "签订合同前要处理的事宜, as the chair wrote it; may be empty."
    clarifications: str
    "澄清、说明、补正事项纪要; may be empty."
    at: Millis
    size: int
    "Lines of the record that the report rests on."
    root: Digest
    "The tree's root over them."


def report_document(room: RoomState, lot: LotId, facts: ReportFacts) -> ReportDocument:
    """The report of a locked lot; `room` is the fold of all lines."""
    subject = subject_of(room, lot)
    return ReportDocument(
        title="评标报告",
        project=subject.opening.title,
        lot=subject.plan.title,
        version=f"第 {facts.version} 版",
        time=local_time(facts.at, subject.opening.time_zone),
        record=f"过程记录前 {facts.size} 条，树根 {facts.root}",
        at=facts.at,
        sections=_sections(subject, facts),
        appendices=tuple(each for each in _appendices(subject) if each.blocks),
        declaration=DECLARATION,
        signatures=tuple(_signature(subject, member) for member in subject.members),
    )


def _appendices(subject: Subject) -> tuple[Section, ...]:
    return calculation_appendix(subject), tally_appendix(subject), talk_appendix(subject)


def _sections(subject: Subject, facts: ReportFacts) -> tuple[Section, ...]:
    candidates = (*candidate_blocks(subject), *_written(facts.matters, title="签订合同前要处理的事宜"))
    return (
        Section(title="基本情况和数据表", blocks=(*_basics(subject, facts), *_rounds(subject))),
        Section(title="评标委员会成员名单", blocks=tuple(_committee(subject))),
        Section(title="开标记录", blocks=opening_record(subject)),
        Section(title="符合要求的投标一览表", blocks=conforming_bids(subject)),
        Section(title="否决投标的情况说明", blocks=rejected_bids(subject)),
        Section(title="评标标准、评标方法或者评标因素一览表", blocks=criteria_blocks(subject)),
        Section(title="经评审的价格或者评分比较一览表", blocks=score_blocks(subject)),
        Section(title="经评审的投标人排序", blocks=ranking_blocks(subject)),
        Section(title="推荐的中标候选人名单与签订合同前要处理的事宜", blocks=candidates),
        Section(title="澄清、说明、补正事项纪要", blocks=_written(facts.clarifications)),
    )


def _written(text: str, title: str = "") -> tuple[Block, ...]:
    """What a person wrote, line by line."""
    first, *more = [line.strip() for line in text.splitlines() if line.strip()] or [NOTHING]
    return (Paragraph(title=title, text=first), *(Paragraph(text=line) for line in more))


def _basics(subject: Subject, facts: ReportFacts) -> Iterator[Block]:
    opening, lot, bids = subject.opening, subject.lot, subject.plan.bids
    main = [venue.name for venue in opening.venues.values() if venue.main]
    sub = [venue.name for venue in opening.venues.values() if not venue.main]
    ranked = len(lot.ranked.ranking.order) if lot.ranked else 0
    method = "综合评估（打分）" if member_criteria(subject.plan.scheme.criteria) else "按评审价格"
    pairs = (
        ("评标室编号", opening.room),
        ("适用制度", _REGIMES[opening.regime]),
        ("主场", "、".join(main)),
        ("副场", "、".join(sub) or "无"),
        ("评标委员会", _size(subject)),
        ("评标方法", method),
        ("投标文件", f"{len(bids)} 份"),
        ("通过初步评审", f"{len(subject.admitted)} 份"),
        ("参加排序", f"{ranked} 份"),
        ("档案保存", f"{opening.policy.retention_years} 年"),
        ("报告版本", f"第 {facts.version} 版"),
        ("报告时间", local_time(facts.at, opening.time_zone)),
    )
    project = Fact(label="项目名称", value=opening.title, wide=True)
    lot_name = Fact(label="包" if subject.is_procurement else "标段", value=subject.plan.title, wide=True)
    record = Fact(label="过程记录", value=f"前 {facts.size} 条，树根 {facts.root}", wide=True)
    yield Facts(facts=(project, lot_name, *(Fact(label=label, value=value) for label, value in pairs), record))
    if opening.continues is not None:
        yield Paragraph(text=f"本次评审接续评标室 {opening.continues.room}。")


def _size(subject: Subject) -> str:
    representatives = [m for m in subject.members if subject.room.seats[m].role is Role.REPRESENTATIVE]
    size = len(subject.members)
    if not representatives:
        return f"{size} 人，均为评标专家"
    kind = subject.kind(representatives[0])
    return f"{size} 人，其中{kind} {len(representatives)} 人"


def _rounds(subject: Subject) -> Iterator[Block]:
    """Who had to hand in again: after a return by the chair, or after a substitution."""
    for stage, words in _STAGES.items():
        for text in _again(subject.lot.stages[stage]):
            yield Paragraph(text=f"{words}{text}")
    for member, reason in subject.lot.return_grounds.items():
        yield Paragraph(text=f"组长退回 {member} 的评审表，理由（最近一次）：{reason}")


def _again(stage: StageState) -> Iterator[str]:
    before: set[Alias] = set()
    for number, one in enumerate(stage.rounds, start=1):
        again = [member for member in one.handed_in if member in before]
        first = [member for member in one.handed_in if member not in before]
        if again:
            yield f"第 {number} 轮：{'、'.join(again)} 重新提交评审表。"
        if first and number > 1:
            yield f"第 {number} 轮：{'、'.join(first)} 首次提交评审表。"
        before.update(one.handed_in)


def _committee(subject: Subject) -> Iterator[Block]:
    yield _member_table(subject)
    if not subject.names_members:
        yield Paragraph(text="按本项目规定，成员姓名不在本报告中公开；载明姓名的成员名单由成员另行签名，作为单独附件。")
    votes = subject.room.election.votes
    if subject.room.chair is not None and votes:
        counted = "、".join(f"{member} {count} 票" for member, count in votes.items() if count)
        yield Paragraph(text=f"组长经成员推选产生，得票：{counted}。")
    for member, seat in subject.room.seats.items():
        if seat.successor is not None:
            yield Paragraph(
                text=f"更换成员：{subject.member(member)}（{subject.venue(member)}）退出评标委员会，由 "
                f"{subject.member(seat.successor)} 接替（过程记录序号 {seat.left_at}）；其作出的评审结论无效，"
                "由接替的成员重新评审。"
            )


def _member_table(subject: Subject) -> Table:
    named = subject.names_members
    columns = [
        Column(title="代号", align="center"),
        *([Column(title="姓名", share=3), Column(title="工作单位", share=4)] if named else []),
        *([Column(title="职称（职务）", share=3)] if named else []),
        Column(title="所在场地", share=5),
        Column(title="类别"),
        Column(title="职务", align="center"),
    ]
    return Table(columns=tuple(columns), rows=tuple(_member_row(subject, member) for member in subject.members))


def _member_row(subject: Subject, member: Alias) -> tuple[str, ...]:
    person = subject.room.people[member]
    named = (person.name, person.organisation, person.title) if subject.names_members else ()
    return (member, *named, subject.venue(member), subject.kind(member), subject.office(member))


def _signature(subject: Subject, member: Alias) -> SignaturePlace:
    role = f"{subject.office(member)}，{subject.kind(member)}，{subject.venue(member)}"
    return SignaturePlace(field=field_of(member), label=subject.member(member), role=role)
