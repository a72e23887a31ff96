import pytest

from server.domain import commands as c
from server.domain.agent_talk import Talk, TalkEnd, TalkTopic
from server.domain.events import RecordingGap, TalkEnded
from server.domain.ids import Alias, Millis
from server.domain.lines import Line
from server.domain.phases import Phase, Stage
from server.domain.plan import Recording
from server.domain.recordings import GapReason, MediaTrack
from server.domain.rejections import (
    AlreadyDone,
    NobodyAsks,
    NotForOthers,
    RoleMayNot,
    SeatNotConfirmed,
    SeatUnknown,
    SheetsOpen,
    TalkGoesOn,
    TalkNotRecorded,
    WrongPhase,
)
from server.domain.talk_policy import talk_pairs
from tests.support.room_plan import L1, opening
from tests.support.room_scenes import HOST, ask_for_talk, at, record, replaced, returned, run_to
from tests.support.room_world import World, types_of

A1, E1, E2, W1 = Alias("A1"), Alias("E1"), Alias("E2"), Alias("W1")


def wish(member: str | None, agent: str = "A1") -> c.AskForTalk:
    return c.AskForTalk(agent=Alias(agent), member=Alias(member) if member else None, topic=TalkTopic.DOCUMENTS)


def talking(phase: Phase = Phase.PRICES) -> World:
    """E2 and the agent talk, W1 listens, and E1 asks for a talk too."""
    world = at(phase)
    ask_for_talk(world, "E2", "E2")
    world.act("W1", c.OpenTalk(asker=E2))
    ask_for_talk(world, "E1", "E1")
    return world


def ends(lines: list[Line]) -> list[tuple[Alias, TalkEnd]]:
    return [(line.event.asker, line.event.end) for line in lines if isinstance(line.event, TalkEnded)]


def test_everybody_learns_who_asks_who_listens_and_that_it_is_over() -> None:
    world = at(Phase.PRICES)

    asked = world.act("E2", wish("E2"))
    opened = world.act("W1", c.OpenTalk(asker=E2))
    talk = world.room.talk
    ended = world.act("A1", c.EndTalk(asker=E2))

    assert types_of([*asked, *opened, *ended]) == ["talk_asked", "talk_opened", "talk_ended"]
    assert talk == Talk(
        asker=E2, agent=A1, member=E2, topic=TalkTopic.DOCUMENTS, witness=W1, opened_at=Millis(opened[0].head.at)
    )
    assert (world.room.talk, world.room.talk_requests) == (None, {})
    for alias in ("E1", "H1", "V1", "A1", "S1"):
        visible = world.visible(alias)
        assert all(line in visible for line in (*asked, *opened, *ended))


@pytest.mark.parametrize(
    ("by", "member", "may"),
    [
        ("E2", "E2", True),
        ("R1", "R1", True),
        ("E2", "E1", False),
        ("E2", None, False),
        ("E1", None, True),
        ("E1", "E2", False),
        ("A1", "E2", True),
        ("A1", None, True),
        ("A1", "W1", False),
        ("A1", "H1", False),
    ],
)
def test_side_asks_for_itself_and_chair_and_agent_for_the_committee(by: str, member: str | None, may: bool) -> None:
    world = at(Phase.PRICES)  # E1 is the chair

    if may:
        assert world.attempt(by, wish(member))
    else:
        with pytest.raises(NotForOthers):
            world.attempt(by, wish(member))


def test_talk_is_with_an_agent_who_exists() -> None:
    world = at(Phase.PRICES)

    with pytest.raises(NotForOthers):
        world.attempt("E2", wish("E2", agent="H1"))
    with pytest.raises(SeatUnknown):
        world.attempt("E2", wish("E2", agent="A9"))


@pytest.mark.parametrize("phase", [Phase.CHECK_IN, Phase.CHAIR_ELECTION, Phase.PRICES, Phase.LOCKED, Phase.SIGNING])
def test_talk_is_possible_whenever_members_confer(phase: Phase) -> None:
    assert talking(phase).room.talk is not None


@pytest.mark.parametrize("phase", [Phase.EXAMINATION, Phase.SCORING])
def test_nobody_asks_while_a_sheet_is_filled_in_alone(phase: Phase) -> None:
    for by in ("E2", "A1"):
        with pytest.raises(SheetsOpen):
            at(phase).attempt(by, wish("E2"))


@pytest.mark.parametrize("phase", [Phase.PREPARED, Phase.PAUSED, Phase.CLOSED])
def test_nobody_asks_before_the_check_in_in_a_pause_and_after_the_close(phase: Phase) -> None:
    with pytest.raises(WrongPhase):
        at(phase).attempt("E2", wish("E2"))


def test_nobody_asks_twice() -> None:
    world = talking()

    for by in ("E1", "E2"):
        with pytest.raises(AlreadyDone):
            world.attempt(by, wish(by))


def test_witness_opens_what_was_asked_for_one_at_a_time() -> None:
    world = talking()

    with pytest.raises(TalkGoesOn):
        world.attempt("W2", c.OpenTalk(asker=E1))
    with pytest.raises(NobodyAsks):
        world.attempt("W1", c.OpenTalk(asker=A1))
    world.act("W1", c.EndTalk(asker=E2))
    assert types_of(world.act("W2", c.OpenTalk(asker=E1))) == ["talk_opened"]


def test_talk_does_not_begin_with_a_side_that_is_not_there() -> None:
    world = at(Phase.PRICES)
    world.act(HOST, c.ReleaseSeat(seat=A1, reason="换设备"))
    ask_for_talk(world, "E2", "E2")

    with pytest.raises(SeatNotConfirmed):
        world.attempt("W1", c.OpenTalk(asker=E2))


@pytest.mark.parametrize("alias", ["A1", "E2"])
def test_talk_does_not_begin_while_a_side_has_to_be_recorded_and_is_not(alias: str) -> None:
    world = run_to(World(opening(recording=Recording.REQUIRED)), Phase.PRICES)
    record(world)
    ask_for_talk(world, "E2", "E2")
    world.note(RecordingGap(alias=Alias(alias), kind=MediaTrack.AUDIO, gap=GapReason.DISCONNECTED))

    with pytest.raises(TalkNotRecorded, match=alias):
        world.attempt("W1", c.OpenTalk(asker=E2))
    record(world)
    assert world.attempt("W1", c.OpenTalk(asker=E2))


def test_talk_of_the_committee_begins_without_the_sound_of_a_member_who_is_not_recorded() -> None:
    world = run_to(World(opening(recording=Recording.REQUIRED)), Phase.PRICES)
    record(world)
    ask_for_talk(world, "E1", None)
    world.note(RecordingGap(alias=E2, kind=MediaTrack.AUDIO, gap=GapReason.DISCONNECTED))

    assert types_of(world.act("W1", c.OpenTalk(asker=E1))) == ["talk_opened"]

    pairs = talk_pairs(world.room, {W1})
    assert (A1, E2) in pairs
    assert (E2, A1) not in pairs
    world.act("W1", c.EndTalk(asker=E1))
    ask_for_talk(world, "E1", None)
    world.note(RecordingGap(alias=A1, kind=MediaTrack.AUDIO, gap=GapReason.DISCONNECTED))
    with pytest.raises(TalkNotRecorded, match="A1"):
        world.attempt("W1", c.OpenTalk(asker=E1))


@pytest.mark.parametrize("by", ["E2", "A1", "W1", "W2", "H1"])
def test_either_side_a_witness_and_the_host_end_a_talk(by: str) -> None:
    assert ends(talking().act(by, c.EndTalk(asker=E2))) == [(E2, TalkEnd.ENDED)]


def test_other_members_end_nothing() -> None:
    world = talking()

    for asker in ("E1", "E2"):
        with pytest.raises(RoleMayNot):
            world.attempt("E3", c.EndTalk(asker=Alias(asker)))
    with pytest.raises(NobodyAsks):
        world.attempt("E3", c.EndTalk(asker=Alias("E3")))


def test_talk_of_the_committee_is_the_chairs_to_end_once_there_is_one() -> None:
    before, after = at(Phase.CHECK_IN), at(Phase.PRICES)
    for world in (before, after):
        ask_for_talk(world, "A1", None)
        world.act("W1", c.OpenTalk(asker=A1))

    assert before.attempt("E2", c.EndTalk(asker=A1))
    assert after.attempt("E1", c.EndTalk(asker=A1))
    with pytest.raises(RoleMayNot):
        after.attempt("E2", c.EndTalk(asker=A1))


@pytest.mark.parametrize(("by", "end"), [("E1", TalkEnd.WITHDRAWN), ("A1", TalkEnd.DECLINED), ("W2", TalkEnd.DECLINED)])
def test_what_was_asked_for_is_withdrawn_or_declined(by: str, end: TalkEnd) -> None:
    world = talking()

    assert ends(world.act(by, c.EndTalk(asker=E1))) == [(E1, end)]
    assert world.room.talk is not None


def test_pause_ends_everything_before_it_begins() -> None:
    lines = talking().act(HOST, c.PauseRoom(reason="乙县停电"))

    assert ends(lines) == [(E2, TalkEnd.PAUSED), (E1, TalkEnd.PAUSED)]
    assert types_of(lines) == ["talk_ended", "talk_ended", "room_paused"]


def test_close_ends_everything() -> None:
    lines = talking().act(HOST, c.CloseRoom(reason="改期"))

    assert ends(lines) == [(E2, TalkEnd.ROOM_CLOSED), (E1, TalkEnd.ROOM_CLOSED)]


def test_sheet_that_opens_ends_everything() -> None:
    world = talking(Phase.PRICES)

    returned(world, L1, "E3", Stage.SCORING)

    assert ends(world.entries[-1]) == [(E2, TalkEnd.SHEET_OPENED), (E1, TalkEnd.SHEET_OPENED)]
    assert (world.room.talk, world.room.talk_requests) == (None, {})


def test_examination_that_begins_ends_everything_and_the_election_does_not() -> None:
    world = talking(Phase.CHECK_IN)

    run_to(world, Phase.CHAIR_ELECTION)
    assert world.room.talk is not None
    run_to(world, Phase.EXAMINATION)
    assert world.room.talk is None


@pytest.mark.parametrize("alias", ["A1", "E2", "W1"])
def test_seat_that_is_moved_ends_the_talk_that_it_has_part_in(alias: str) -> None:
    world = talking()
    operator = "V1" if alias == "E2" else HOST

    lines = world.act(operator, c.ReleaseSeat(seat=Alias(alias), reason="换设备"))

    expected = [(E2, TalkEnd.SEAT_GIVEN_UP)]
    assert ends(lines) == (expected if alias != "A1" else [*expected, (E1, TalkEnd.SEAT_GIVEN_UP)])


def test_member_who_is_replaced_talks_no_more_and_asks_no_more() -> None:
    world = talking(Phase.CHECK_IN)

    replaced(world, "E1", "E5")
    assert list(world.room.talk_requests) == []
    assert world.room.talk is not None
    replaced(world, "E2", "E6")
    assert world.room.talk is None
