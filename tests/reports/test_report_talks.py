from functools import cache

from server.domain import commands as c
from server.domain.agent_talk import TalkEnd, TalkTopic
from server.domain.events import TalkEnded
from server.domain.ids import Alias, Millis
from server.domain.phases import Phase
from server.domain.plan import Regime
from server.reports.document import Table
from server.reports.report_talks import _ENDS, _TOPICS, talk_appendix
from server.reports.subject import subject_of
from tests.support.golden_logs import plain
from tests.support.report_scenes import reported
from tests.support.room_plan import L1, LOTS, opening
from tests.support.room_scenes import ask_for_talk, run_to
from tests.support.room_world import World

E1, E2 = Alias("E1"), Alias("E2")


@cache
def talked() -> World:
    """Asked in vain, talked until the witness's line broke after midnight, and talking while the report is issued."""
    world = run_to(World(opening(lots={L1: LOTS[L1]}), seed=41), Phase.CHECK_IN)
    ask_for_talk(world, "E1", "E1", TalkTopic.OTHER)
    world.act("A1", c.EndTalk(asker=E1))
    ask_for_talk(world, "E2", "E2", TalkTopic.DOCUMENTS)
    world.act("W2", c.OpenTalk(asker=E2))
    world.now = Millis(world.now + 16 * 3600_000)
    world.note(TalkEnded(asker=E2, agent=Alias("A1"), member=E2, end=TalkEnd.WITNESS_GONE))
    run_to(world, Phase.LOCKED)
    ask_for_talk(world, "A1", None, TalkTopic.REPORT)
    world.act("W1", c.OpenTalk(asker=Alias("A1")))
    return world


def test_every_talk_is_told_with_who_asked_who_listened_from_when_to_when_and_why_it_ended() -> None:
    section = talk_appendix(subject_of(talked().room, L1))

    [table] = section.blocks
    assert section.title == "评标委员会与招标代理机构的通话"
    assert isinstance(table, Table)
    assert table.rows == (
        ("E1", "A1 与 E1", "其他事务", "未开启", "2026年3月25日 08:53 申请", "未予通话"),
        (
            *("E2", "A1 与 E2", "评审资料、系统使用", "W2"),
            *("2026年3月25日 08:53:49 至 2026年3月26日 00:53:50", "见证人员不再旁听"),
        ),
        ("A1", "A1 与 全体成员", "评标报告的办理", "W1", "2026年3月26日 00:54 起", "报告生成时仍在通话"),
    )


def test_report_has_the_talks_as_its_last_annex_and_none_where_nobody_asked() -> None:
    assert [each.title for each in reported(talked()).appendices] == [
        "计算过程",
        "初步评审表决情况",
        "评标委员会与招标代理机构的通话",
    ]
    assert [each.title for each in reported(plain()).appendices] == ["计算过程", "初步评审表决情况"]


def test_government_procurement_has_its_own_word_for_the_agent() -> None:
    room = opening(lots={L1: LOTS[L1]}, regime=Regime.GOVERNMENT_PROCUREMENT)
    world = run_to(World(room, seed=41), Phase.LOCKED)

    assert talk_appendix(subject_of(world.room, L1)).title == "评标委员会与采购代理机构的通话"


def test_every_topic_and_every_end_has_words() -> None:
    assert (set(_TOPICS), set(_ENDS)) == (set(TalkTopic), set(TalkEnd))
