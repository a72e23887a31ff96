"""The talks between members and agent, as the report's appendix tells them: who asked, who listened, from when to when.

Members and agent talk in no other way, so that the appendix is the whole of it; where nobody asked for a talk, there is
none. The record holds the talks of the whole room: each of its lots' reports tells them.
Source: 87号令, Art. 45 (what the agent may explain); `domain.md` 2.3.
"""

from collections.abc import Iterator
from typing import Final

from server.domain.agent_talk import PastTalk, Talk, TalkEnd, TalkTopic
from server.domain.ids import Alias
from server.reports.document import Block, Column, Section, Table
from server.reports.subject import Subject
from server.reports.times import local_span, local_time

_TOPICS: Final[dict[TalkTopic, str]] = {
    TalkTopic.PROCEDURE: "评审程序、评标纪律",
    TalkTopic.DOCUMENTS: "评审资料、系统使用",
    TalkTopic.CLARIFICATION: "澄清、说明、补正的办理",
    TalkTopic.REPORT: "评标报告的办理",
    TalkTopic.OTHER: "其他事务",
}
_ENDS: Final[dict[TalkEnd, str]] = {
    TalkEnd.ENDED: "通话结束",
    TalkEnd.WITHDRAWN: "申请撤回",
    TalkEnd.DECLINED: "未予通话",
    TalkEnd.PAUSED: "评标暂停",
    TalkEnd.SHEET_OPENED: "开始独立填写",
    TalkEnd.SEAT_GIVEN_UP: "有人离席或更换设备",
    TalkEnd.ROOM_CLOSED: "评标室关闭",
    TalkEnd.WITNESS_GONE: "见证人员不再旁听",
    TalkEnd.NOT_RECORDED: "声音未能录制",
    TalkEnd.TIME_OVER: "到达时限",
}
_COLUMNS: Final = (
    Column(title="申请人", align="center"),
    Column(title="通话双方"),
    Column(title="事由", share=9),
    Column(title="旁听见证", align="center"),
    Column(title="起止时间", share=13),
    Column(title="结束原因", share=9),
)


def talk_appendix(subject: Subject) -> Section:
    """Every talk until now, and what asked for one and never began."""
    agent = "采购代理机构" if subject.is_procurement else "招标代理机构"
    return Section(title=f"评标委员会与{agent}的通话", blocks=tuple(_tables(subject)))


def _tables(subject: Subject) -> Iterator[Block]:
    room, zone = subject.room, subject.opening.time_zone
    rows = [_over(talk, zone) for talk in room.past_talks]
    if room.talk is not None:
        rows.append(_open(room.talk, zone))
    if rows:
        yield Table(columns=_COLUMNS, rows=tuple(rows))


def _over(talk: PastTalk, zone: str) -> tuple[str, ...]:
    if talk.witness is None:
        return (*_about(talk), "未开启", f"{local_time(talk.began_at, zone)} 申请", _ENDS[talk.end])
    return (*_about(talk), talk.witness, local_span(talk.began_at, talk.ended_at, zone), _ENDS[talk.end])


def _open(talk: Talk, zone: str) -> tuple[str, ...]:
    return (*_about(talk), talk.witness, f"{local_time(talk.opened_at, zone)} 起", "报告生成时仍在通话")


def _about(talk: PastTalk | Talk) -> tuple[str, ...]:
    return talk.asker, f"{talk.agent} 与 {_side(talk.member)}", _TOPICS[talk.topic]


def _side(member: Alias | None) -> str:
    return member or "全体成员"
