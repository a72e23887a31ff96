import msgspec

from server.domain import commands as c
from server.domain.agent_talk import TalkEnd, TalkTopic
from server.domain.ids import Alias
from server.domain.phases import Phase
from tests.support.room_scenes import ask_for_talk, at

E1 = Alias("E1")


def test_talk_is_open_then_over_and_so_is_what_asked_for_one_in_vain() -> None:
    world = at(Phase.CHECK_IN)
    ask_for_talk(world, "E1", "E1", TalkTopic.OTHER)
    ask_for_talk(world, "A1", None, TalkTopic.PROCEDURE)
    asked = dict(world.room.talk_requests)
    world.act("W1", c.OpenTalk(asker=Alias("A1")))
    opened = world.room.talk
    world.act("A1", c.EndTalk(asker=E1))
    declined_at = world.now
    world.act("W1", c.EndTalk(asker=Alias("A1")))

    assert opened is not None
    assert (list(asked), world.room.talk, world.room.talk_requests) == ([E1, "A1"], None, {})
    told = {"agent": Alias("A1"), "asker": E1, "member": E1, "topic": TalkTopic.OTHER}
    began = {"asker": Alias("A1"), "member": None, "topic": TalkTopic.PROCEDURE, "began_at": opened.opened_at}
    assert [msgspec.structs.asdict(talk) for talk in world.room.past_talks] == [
        {**told, "witness": None, "began_at": asked[E1].asked_at, "ended_at": declined_at, "end": TalkEnd.DECLINED},
        {"agent": Alias("A1"), **began, "witness": Alias("W1"), "ended_at": world.now, "end": TalkEnd.ENDED},
    ]
