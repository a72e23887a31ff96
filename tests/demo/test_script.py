from server.demo.script import (
    CLOSING_REASON,
    DEFAULT_COMPETITION,
    DEFAULT_MINUTE,
    DEFAULT_REFUSAL_MINUTE,
    next_act,
    rejected_bids,
)
from server.domain import commands as c
from server.domain.committee import members
from server.domain.events import RecordingGap, SigningEnd
from server.domain.ids import Alias
from server.domain.phases import Phase, Stage
from server.domain.plan import MemberNames, Recording
from server.domain.recordings import GapReason, MediaTrack
from server.tender.tender_file import Acts, Failure
from tests.support.room_plan import L1, L2, SEAL, A, opening
from tests.support.room_scenes import CHAIR, HOST, ask_for_talk, at, enrol, record, run_to, sign_annex, sign_report
from tests.support.room_world import World

NOTHING = Acts()


def played_out(world: World, acts: Acts) -> World:
    """Everybody acts by the script until nobody has anything to do."""
    while True:
        due = [(alias, act) for alias in world.room.seats if (act := next_act(world.view(alias), alias, acts))]
        if not due:
            return world
        alias, act = due[0]
        if isinstance(act, c.SignReport):
            sign_report(world, act.lot, alias, act.dissent)
        elif isinstance(act, c.SignAnnex):
            sign_annex(world, act.lot, alias)
        else:
            world.act(alias, act)


def enrolled(names: MemberNames = MemberNames.AT_SIGNING) -> World:
    world = World(opening(names=names))
    for alias in sorted(world.room.seats, key=lambda name: name[0] not in "HV"):
        enrol(world, alias)
    return world


def test_script_plays_a_room_from_enrolment_to_the_sealed_reports_and_the_close() -> None:
    world = played_out(enrolled(), NOTHING)

    assert {lot.phase for lot in world.room.lots.values()} == {Phase.SEALED}
    assert world.room.closed == CLOSING_REASON
    assert _ends(world) == dict.fromkeys(members(world.room), SigningEnd.SIGNED)


def test_members_who_sign_under_aliases_sign_their_annexes_too() -> None:
    world = played_out(enrolled(MemberNames.NEVER), Acts(refusals={Alias("E3"): "对资格认定有异议"}))

    report = world.room.lots[L1].report
    assert report is not None
    assert set(report.annexes) == {*members(world.room)} - {"E3"}
    assert world.room.closed == CLOSING_REASON


def test_members_end_the_signing_as_the_acts_say() -> None:
    acts = Acts(
        matters="核实项目经理",
        dissents={Alias("E2"): "报价分析不足"},
        refusals={Alias("E3"): "对资格认定有异议", Alias("E4"): ""},
    )

    world = played_out(enrolled(), acts)

    report = world.room.lots[L1].report
    assert report is not None
    assert report.issued is not None
    assert report.issued.matters == "核实项目经理"
    assert _ends(world) == {
        "E1": SigningEnd.SIGNED,
        "E2": SigningEnd.SIGNED_WITH_DISSENT,
        "E3": SigningEnd.REFUSED_WITH_DISSENT,
        "E4": SigningEnd.DEEMED_AGREED,
        "R1": SigningEnd.SIGNED,
    }
    assert report.minutes == {"E4": DEFAULT_REFUSAL_MINUTE}


def _ends(world: World) -> dict[Alias, SigningEnd]:
    report = world.room.lots[L1].report
    return report.ends if report else {}


def test_operator_answers_calls_of_the_own_venue() -> None:
    world = at(Phase.SCORING)
    world.act("E2", c.CallStaff(need=c.StaffNeed.DEVICE))

    assert next_act(world.view("V1"), Alias("V1"), NOTHING) == c.AnswerCall(seat=Alias("E2"))
    assert next_act(world.view(HOST), HOST, NOTHING) is None


def test_unconfirmed_participant_does_nothing() -> None:
    world = World()

    assert [alias for alias in world.room.seats if next_act(world.view(alias), alias, NOTHING)] == []


def test_operator_confirms_whoever_has_enrolled_at_the_own_venue() -> None:
    world = World()
    enrol(world, HOST)
    key = world.new_key(Alias("E1"))
    world.act("E1", c.EnrolSeat(spki=key.spki))

    act = next_act(world.view(HOST), HOST, NOTHING)

    assert act == c.ConfirmSeat(seat=Alias("E1"), key=key.fingerprint)


def test_nobody_acts_in_a_pause() -> None:
    world = at(Phase.CHECK_IN)
    world.act(HOST, c.PauseRoom(reason="停电"))

    assert [alias for alias in world.room.seats if next_act(world.view(alias), alias, NOTHING)] == []


def test_members_vote_for_the_chair_of_the_acts() -> None:
    world = at(Phase.CHAIR_ELECTION)
    voter = next(alias for alias in members(world.room) if alias in world.room.election.stage.pending)

    act = next_act(world.view(voter), voter, Acts(chair=Alias("E2")))

    assert act == c.CastBallot(round=world.room.election.stage.open_round or 0, candidate=Alias("E2"))


def test_members_vote_for_the_first_who_can_lead_where_the_acts_name_nobody_eligible() -> None:
    world = at(Phase.CHAIR_ELECTION)
    voter = members(world.room)[0]

    act = next_act(world.view(voter), voter, Acts(chair=Alias("S1")))

    assert isinstance(act, c.CastBallot)
    assert act.candidate in members(world.room)


def test_chair_minutes_what_the_majority_rejects() -> None:
    world = at(Phase.EXAMINATION)
    failures = tuple(Failure(member=m, bid=A, check=SEAL, reason="没有盖章") for m in members(world.room)[:4])
    acts = Acts(failures=failures)
    for lot in (L1, L2):
        for member in world.room.lots[lot].stages[Stage.EXAMINATION].pending:
            world.act(member, next_act(world.view(member), member, acts) or c.MakePledge())

    act = next_act(world.view(CHAIR), CHAIR, acts)

    assert rejected_bids(world.view(CHAIR), world.room.lots[L1]) == [A]
    assert act == c.ConcludeExamination(lot=L1, minutes={A: DEFAULT_MINUTE}, competition=DEFAULT_COMPETITION)


def test_member_hands_in_only_while_recorded() -> None:
    world = run_to(World(opening(recording=Recording.REQUIRED)), Phase.EXAMINATION)
    assert isinstance(next_act(world.room, Alias("E1"), NOTHING), c.HandInExamination)
    world.note(RecordingGap(alias=Alias("E1"), kind=MediaTrack.AUDIO, gap=GapReason.SILENT))

    assert next_act(world.room, Alias("E1"), NOTHING) is None
    record(world)
    assert isinstance(next_act(world.room, Alias("E1"), NOTHING), c.HandInExamination)


def test_witness_listens_to_a_talk_that_is_asked_for_once_it_can_begin() -> None:
    world = run_to(World(opening(recording=Recording.REQUIRED)), Phase.PRICES)
    record(world)
    ask_for_talk(world, "E2", "E2")
    begin = c.OpenTalk(asker=Alias("E2"))

    assert next_act(world.view("W1"), Alias("W1"), NOTHING) == begin
    world.note(RecordingGap(alias=Alias("A1"), kind=MediaTrack.AUDIO, gap=GapReason.SILENT))
    assert next_act(world.view("W1"), Alias("W1"), NOTHING) is None
    record(world)
    world.act("W1", begin)
    assert next_act(world.view("W1"), Alias("W1"), NOTHING) is None
