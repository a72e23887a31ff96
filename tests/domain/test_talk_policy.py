import pytest

from server.domain import commands as c
from server.domain.agent_talk import TALK_LIMIT_MS, TalkEnd
from server.domain.committee import members
from server.domain.events import RecordingBegan, RecordingGap
from server.domain.ids import Alias, Millis
from server.domain.phases import Phase
from server.domain.plan import Recording
from server.domain.recordings import GapReason, MediaTrack
from server.domain.talk_policy import end_due, sides_of, talk_pairs
from tests.support.room_plan import opening
from tests.support.room_scenes import HOST, ask_for_talk, at, record, replaced, run_to
from tests.support.room_world import World

E2, W1, W2 = Alias("E2"), Alias("W1"), Alias("W2")
EVERYBODY = {Alias("A1"), E2, W1, W2}


def talking(member: str | None = "E2", recording: Recording = Recording.OFF) -> World:
    """A talk after the reveal of the points, to which W1 listens."""
    world = run_to(World(opening(recording=recording)), Phase.PRICES)
    record(world)
    asker = member or "E1"
    ask_for_talk(world, asker, member)
    world.act("W1", c.OpenTalk(asker=Alias(asker)))
    return world


def gap(world: World, alias: str) -> None:
    world.note(RecordingGap(alias=Alias(alias), kind=MediaTrack.AUDIO, gap=GapReason.SILENT))


def test_nothing_flows_before_the_witness_listens() -> None:
    world = at(Phase.PRICES)
    ask_for_talk(world, "E2", "E2")

    assert talk_pairs(world.room, EVERYBODY) == frozenset()


def test_talk_flows_both_ways_while_its_witness_hears_the_room() -> None:
    room = talking().room

    assert talk_pairs(room, EVERYBODY) == {("A1", "E2"), ("E2", "A1")}
    assert talk_pairs(room, EVERYBODY - {W1}) == frozenset()


def test_committee_talks_as_a_whole_and_each_member_hears_only_the_agent_anew() -> None:
    room = talking(None).room

    expected = {pair for member in members(room) for pair in (("A1", member), (member, "A1"))}
    assert talk_pairs(room, EVERYBODY) == expected


def test_member_who_is_not_there_has_no_part_in_the_talk_of_the_committee() -> None:
    world = at(Phase.CHECK_IN)
    ask_for_talk(world, "A1", None)
    world.act("W1", c.OpenTalk(asker=Alias("A1")))
    assert "E4" in sides_of(world.room.talk, world.room)  # type: ignore[arg-type]  # it has just been opened

    replaced(world, "E4", "E5")

    assert "E4" not in {alias for pair in talk_pairs(world.room, EVERYBODY) for alias in pair}
    assert "E5" in sides_of(world.room.talk, world.room)  # type: ignore[arg-type]  # nobody has ended it


def test_who_has_to_be_recorded_and_is_not_is_not_heard() -> None:
    world = talking(recording=Recording.REQUIRED)

    gap(world, "E2")
    assert talk_pairs(world.room, EVERYBODY) == {("A1", "E2")}
    world.note(RecordingBegan(alias=E2, kind=MediaTrack.AUDIO))
    assert talk_pairs(world.room, EVERYBODY) == {("A1", "E2"), ("E2", "A1")}


def test_recording_is_looked_at_only_where_the_policy_asks_for_it() -> None:
    world = talking(recording=Recording.KEPT)

    gap(world, "E2")

    assert talk_pairs(world.room, EVERYBODY) == {("A1", "E2"), ("E2", "A1")}
    assert end_due(world.room, EVERYBODY, world.now) is None


def test_talk_is_over_once_its_witness_hears_nothing_whoever_else_does() -> None:
    world = talking()

    assert end_due(world.room, EVERYBODY, world.now) is None
    assert end_due(world.room, EVERYBODY - {W1}, world.now) is TalkEnd.WITNESS_GONE


@pytest.mark.parametrize("alias", ["A1", "E2"])
def test_talk_is_over_once_a_side_is_not_recorded(alias: str) -> None:
    world = talking(recording=Recording.REQUIRED)

    gap(world, alias)

    assert end_due(world.room, EVERYBODY, world.now) is TalkEnd.NOT_RECORDED


def test_one_member_of_many_who_is_not_recorded_does_not_end_the_talk_of_the_committee() -> None:
    world = talking(None, Recording.REQUIRED)

    gap(world, "E2")

    assert end_due(world.room, EVERYBODY, world.now) is None
    assert ("E2", "A1") not in talk_pairs(world.room, EVERYBODY)


def test_talk_has_a_limit() -> None:
    world = talking()
    began = world.room.talk.opened_at if world.room.talk else Millis(0)

    assert end_due(world.room, EVERYBODY, Millis(began + TALK_LIMIT_MS - 1)) is None
    assert end_due(world.room, EVERYBODY, Millis(began + TALK_LIMIT_MS)) is TalkEnd.TIME_OVER


def test_nothing_is_due_without_a_talk() -> None:
    world = talking()
    world.act(HOST, c.EndTalk(asker=E2))

    assert end_due(world.room, (), world.now) is None
