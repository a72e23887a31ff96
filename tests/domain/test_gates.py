import pytest

from server.domain import commands as c
from server.domain.events import RecordingBegan, RecordingGap
from server.domain.gates import (
    RECORDING_GRACE_MS,
    Blocker,
    awaited_tracks,
    election_blockers,
    is_recorded,
    recording_blockers,
    replacement_blockers,
    require,
    stage_blockers,
)
from server.domain.ids import Alias, Millis
from server.domain.phases import Phase, Stage
from server.domain.plan import Recording
from server.domain.recordings import GapReason, MediaTrack
from server.domain.rejections import GateClosed, NotRecorded
from tests.support.room_plan import L1, L2, opening
from tests.support.room_scenes import HOST, at, check_in, conclude, enrol, examine, run_to, score
from tests.support.room_world import World

E1, E2 = Alias("E1"), Alias("E2")


def test_every_missing_part_of_a_check_in_blocks_the_election() -> None:
    world = World()
    enrol(world, "H1")
    world.act("E1", c.EnrolSeat(spki=world.new_key(E1).spki))

    blockers = election_blockers(world.room)

    assert blockers[:3] == [
        Blocker("not_confirmed", E1),
        Blocker("no_recusal_statement", E1),
        Blocker("no_pledge", E1),
    ]
    assert blockers[3:6] == [
        Blocker("not_enrolled", E2),
        Blocker("no_recusal_statement", E2),
        Blocker("no_pledge", E2),
    ]


def test_conflict_of_interest_blocks_the_election() -> None:
    world = at(Phase.CHECK_IN)
    for member in ("E2", "E3", "E4", "R1"):
        check_in(world, member)
    world.act("E1", c.StateRecusal(conflict=True, grounds="亲属在投标人单位"))
    world.act("E1", c.MakePledge())

    assert election_blockers(world.room) == [Blocker("conflict_of_interest", E1)]


def test_nothing_blocks_the_election_once_all_have_checked_in() -> None:
    assert election_blockers(at(Phase.CHAIR_ELECTION).room) == []


def test_members_who_have_not_handed_in_block_the_stage() -> None:
    world = at(Phase.EXAMINATION)
    for member in ("E1", "E3", "E4"):
        examine(world, L1, member)

    assert stage_blockers(world.room, L1, Stage.EXAMINATION) == [
        Blocker("sheet_pending", E2),
        Blocker("sheet_pending", Alias("R1")),
    ]
    assert stage_blockers(world.room, L1, Stage.SCORING) == []


@pytest.mark.parametrize("phase", [Phase.PREPARED, Phase.EXAMINATION, Phase.PRICES])
def test_members_can_be_replaced_while_all_prices_are_sealed(phase: Phase) -> None:
    assert replacement_blockers(at(phase).room) == []


def test_opened_prices_of_any_lot_block_replacement() -> None:
    world = at(Phase.PRICES)
    world.act("E1", c.ScorePrices(lot=L1))

    assert replacement_blockers(world.room) == [Blocker("prices_opened")]


def test_lot_that_ended_without_bids_blocks_replacement() -> None:
    world = at(Phase.EXAMINATION)
    for member in ("E1", "E2", "E3", "E4", "R1"):
        examine(world, L2, member, dict.fromkeys(world.room.lots[L2].identities, "资格不符"))
    conclude(world, L2, dict.fromkeys(world.room.lots[L2].identities, "资格不符"))

    assert replacement_blockers(world.room) == [Blocker("prices_opened")]


def test_open_gate_lets_pass() -> None:
    require([])


def test_closed_gate_names_every_blocker() -> None:
    with pytest.raises(GateClosed, match=r"not open yet: E1: no_pledge, prices_opened\.") as refused:
        require([Blocker("no_pledge", E1), Blocker("prices_opened")])

    assert refused.value.facts == {"blockers": "E1: no_pledge, prices_opened"}


def test_gate_is_what_the_rule_refuses_with() -> None:
    with pytest.raises(GateClosed, match="E1: no_recusal_statement, E1: no_pledge"):
        at(Phase.CHECK_IN).act(HOST, c.OpenElection())


def recorded() -> World:
    """A room in the examination, every member recorded."""
    return run_to(World(opening(recording=Recording.REQUIRED)), Phase.EXAMINATION)


def test_member_who_was_never_recorded_is_blocked_at_once() -> None:
    world = run_to(World(opening(recording=Recording.REQUIRED)), Phase.CHECK_IN)
    world.note(RecordingBegan(alias=E1, kind=MediaTrack.AUDIO))

    assert recording_blockers(E1, world.room, world.now) == [Blocker("camera_not_recorded", E1)]
    assert recording_blockers(E2, world.room, world.now) == [
        Blocker("camera_not_recorded", E2),
        Blocker("microphone_not_recorded", E2),
    ]


def test_gap_blocks_after_its_grace() -> None:
    world = recorded()
    [gap] = world.note(RecordingGap(alias=E1, kind=MediaTrack.AUDIO, gap=GapReason.DISCONNECTED))
    last = Millis(gap.head.at + RECORDING_GRACE_MS)

    assert recording_blockers(E1, world.room, last) == []
    assert recording_blockers(E1, world.room, Millis(last + 1)) == [Blocker("microphone_not_recorded", E1)]
    world.note(RecordingBegan(alias=E1, kind=MediaTrack.AUDIO))
    assert recording_blockers(E1, world.room, Millis(last + 1)) == []


@pytest.mark.parametrize("recording", [Recording.OFF, Recording.KEPT])
def test_room_that_does_not_wait_for_the_recording_blocks_nobody(recording: Recording) -> None:
    world = run_to(World(opening(recording=recording)), Phase.EXAMINATION)
    if recording is Recording.KEPT:
        world.note(RecordingGap(alias=E1, kind=MediaTrack.AUDIO, gap=GapReason.SILENT))

    assert recording_blockers(E1, world.room, Millis(world.now + 2 * RECORDING_GRACE_MS)) == []
    assert is_recorded(E1, world.room)


def test_seat_is_recorded_with_camera_and_microphone() -> None:
    world = recorded()
    assert is_recorded(E1, world.room)
    world.note(RecordingGap(alias=E1, kind=MediaTrack.AUDIO, gap=GapReason.SILENT))

    assert not is_recorded(E1, world.room)
    assert is_recorded(E2, world.room)


def test_member_waits_for_the_recording_of_the_desktop_where_the_room_asks_for_it() -> None:
    world = run_to(World(opening(recording=Recording.REQUIRED, record_desktops=True)), Phase.SCORING)
    assert is_recorded(E1, world.room)
    world.note(RecordingGap(alias=E1, kind=MediaTrack.DESKTOP, gap=GapReason.SILENT))
    assert not is_recorded(E1, world.room)
    world.now = Millis(world.now + RECORDING_GRACE_MS + 1)

    assert recording_blockers(E1, world.room, world.now) == [Blocker("desktop_not_recorded", E1)]
    with pytest.raises(NotRecorded):
        score(world, L1, "E1")
    world.note(RecordingBegan(alias=E1, kind=MediaTrack.DESKTOP))
    score(world, L1, "E1")


def test_nobody_waits_for_a_desktop_that_is_kept_and_not_required() -> None:
    world = run_to(World(opening(recording=Recording.KEPT, record_desktops=True)), Phase.SCORING)

    assert awaited_tracks(E1, world.room) == ()
    assert is_recorded(E1, world.room)


def test_only_members_are_waited_for() -> None:
    assert awaited_tracks(Alias("W1"), recorded().room) == ()


def test_sheet_of_a_member_who_is_not_recorded_is_refused_until_the_member_is() -> None:
    world = recorded()
    world.note(RecordingGap(alias=E1, kind=MediaTrack.VIDEO, gap=GapReason.SILENT))
    world.now = Millis(world.now + RECORDING_GRACE_MS + 1)

    with pytest.raises(NotRecorded, match="E1"):
        examine(world, L1, "E1")
    examine(world, L1, "E2")
    world.note(RecordingBegan(alias=E1, kind=MediaTrack.VIDEO))
    examine(world, L1, "E1")

    assert world.room.lots[L1].stages[Stage.EXAMINATION].rounds[-1].handed_in == (E2, E1)


def test_ballot_and_score_sheet_wait_for_the_recording_too() -> None:
    election = run_to(World(opening(recording=Recording.REQUIRED)), Phase.CHAIR_ELECTION)
    scoring = run_to(World(opening(recording=Recording.REQUIRED)), Phase.SCORING)
    for world in (election, scoring):
        world.note(RecordingGap(alias=E1, kind=MediaTrack.VIDEO, gap=GapReason.SILENT))
        world.now = Millis(world.now + RECORDING_GRACE_MS + 1)

    with pytest.raises(NotRecorded):
        election.act(E1, c.CastBallot(round=1, candidate=E2))
    with pytest.raises(NotRecorded):
        score(scoring, L1, "E1")
