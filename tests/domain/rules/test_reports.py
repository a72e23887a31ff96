import pytest

from server.domain import commands as c
from server.domain.commands import LONG_TEXT_LIMIT
from server.domain.events import SigningEnd
from server.domain.gates import Blocker, seal_blockers
from server.domain.ids import Alias, Digest
from server.domain.phases import Phase
from server.domain.plan import MemberNames
from server.domain.rejections import (
    DocumentKeyMissing,
    DocumentMoved,
    GateClosed,
    KeyUnusable,
    NothingToMinute,
    NothingToSign,
    ReasonMissing,
    ReportVersionPassed,
    TextTooLong,
    WrongPhase,
)
from tests.support.room_plan import L1, L2, opening, person
from tests.support.room_scenes import at, enrol_document_key, issue_report, run_to, sign_report
from tests.support.room_world import World, types_of
from tests.support.sample_commands import NOBODYS_KEY, SAMPLES

MEMBERS = ("E1", "E2", "E3", "E4", "R1")


def signing(*, names: MemberNames = MemberNames.AT_SIGNING) -> World:
    """A room whose first lot waits for signatures."""
    world = run_to(World(opening(names=names)), Phase.LOCKED)
    issue_report(world, L1)
    return world


def refusal(member: str, dissent: str = "") -> tuple[str, c.RefuseReport]:
    return member, c.RefuseReport(lot=L1, version=1, dissent=dissent)


# -- issuing


def test_first_report_opens_the_names_where_the_policy_says_so() -> None:
    world = run_to(World(), Phase.LOCKED)

    assert world.view("E3").people.keys() == {"E3"}
    issue_report(world, L1)
    issue_report(world, L2)

    assert world.view("E3").people[Alias("E4")] == person(Alias("E4"))
    assert world.view("W1").people[Alias("E4")] == person(Alias("E4"))
    assert types_of(world.lines).count("names_opened") == 1


@pytest.mark.parametrize("names", [MemberNames.NEVER, MemberNames.OPEN])
def test_report_opens_no_names_where_they_never_open_or_are_open(names: MemberNames) -> None:
    world = signing(names=names)

    assert "names_opened" not in types_of(world.lines)
    assert ("E4" in world.view("E3").people) == (names is MemberNames.OPEN)


def test_no_report_before_every_lot_is_locked() -> None:
    world = run_to(World(), Phase.SUMMARY)
    world.act("E1", c.LockResult(lot=L1))

    with pytest.raises(GateClosed):
        world.attempt("E1", c.IssueReport(lot=L1, matters="", clarifications=""))


def test_report_issued_again_voids_the_signatures() -> None:
    world = signing()
    sign_report(world, L1, "E1", dissent="保留意见")

    issue_report(world, L1)

    report = world.room.lots[L1].report
    assert report is not None
    assert (report.version, report.ends, report.dissents) == (2, {}, {})
    assert report.members == MEMBERS
    with pytest.raises(ReportVersionPassed):
        world.attempt("E2", SAMPLES["sign_report"])


def test_sealed_report_is_not_issued_again() -> None:
    with pytest.raises(WrongPhase):
        at(Phase.SEALED).attempt("E1", SAMPLES["issue_report"])


@pytest.mark.parametrize("field", ["matters", "clarifications"])
def test_report_takes_long_texts_and_no_longer_ones(field: str) -> None:
    world = run_to(World(), Phase.LOCKED)
    texts = {"matters": "", "clarifications": ""}

    world.attempt("E1", c.IssueReport(lot=L1, **(texts | {field: "字" * LONG_TEXT_LIMIT})))
    with pytest.raises(TextTooLong):
        world.attempt("E1", c.IssueReport(lot=L1, **(texts | {field: "字" * (LONG_TEXT_LIMIT + 1)})))


# -- keys


def test_document_key_tells_who_sits_there_only_where_names_may_be_known() -> None:
    world = run_to(World(), Phase.LOCKED)

    enrol_document_key(world, "E3")

    assert {alias for alias in world.room.seats if "E3" in world.view(alias).document_keys} == {"E3", "V1", "S1"}


def test_document_key_is_no_key_that_is_in_use() -> None:
    world = run_to(World(), Phase.LOCKED)
    command_key = world.key_of(Alias("E3")).spki
    fresh = world.document_key().spki
    world.act("E3", c.EnrolDocumentKey(spki=fresh))

    for spki in (command_key, fresh, b"no key"):
        with pytest.raises(KeyUnusable):
            world.attempt("E2", c.EnrolDocumentKey(spki=spki))


def test_same_document_key_is_certified_anew() -> None:
    world = run_to(World(), Phase.LOCKED)
    key = world.document_key()
    world.act("E3", c.EnrolDocumentKey(spki=key.spki))

    world.act("E3", c.EnrolDocumentKey(spki=key.spki))

    assert world.room.document_keys[Alias("E3")].key == key.fingerprint


def test_later_document_key_takes_the_place_of_the_earlier() -> None:
    world = run_to(World(), Phase.LOCKED)
    enrol_document_key(world, "E3")
    earlier = world.room.document_keys[Alias("E3")]

    enrol_document_key(world, "E3")

    assert world.room.document_keys[Alias("E3")] != earlier


# -- the four ends


def test_members_end_the_signing_in_four_ways() -> None:
    world = signing()

    sign_report(world, L1, "E1")
    sign_report(world, L1, "E2", dissent="报价分析依据不足")
    world.act(*refusal("E3", "对资格认定有异议"))
    world.act(*refusal("E4"))
    assert seal_blockers(world.room, L1) == [
        Blocker("refusal_not_minuted", Alias("E4")),
        Blocker("signature_pending", Alias("R1")),
    ]
    world.act("E1", c.MinuteRefusal(lot=L1, version=1, member=Alias("E4"), minute="拒绝签名"))
    world.act("E1", c.MinuteRefusal(lot=L1, version=1, member=Alias("R1"), minute="离席未归"))

    report = world.room.lots[L1].report
    assert report is not None
    assert report.ends == {
        "E1": SigningEnd.SIGNED,
        "E2": SigningEnd.SIGNED_WITH_DISSENT,
        "E3": SigningEnd.REFUSED_WITH_DISSENT,
        "E4": SigningEnd.DEEMED_AGREED,
        "R1": SigningEnd.DEEMED_AGREED,
    }
    assert report.dissents == {"E2": "报价分析依据不足", "E3": "对资格认定有异议"}
    assert report.minutes == {"E4": "拒绝签名", "R1": "离席未归"}
    assert seal_blockers(world.room, L1) == []
    world.act("E1", c.SealReport(lot=L1, version=1))
    assert world.room.lots[L1].phase is Phase.SEALED
    assert world.room.lots[L2].phase is Phase.LOCKED


def test_dissents_and_minutes_reach_the_members_and_not_the_staff() -> None:
    world = signing()
    world.act(*refusal("E3", "对资格认定有异议"))

    readers = {alias for alias in world.room.seats if _dissents(world, alias)}

    assert readers == {*MEMBERS, "S1"}


def _dissents(world: World, alias: str) -> dict[Alias, str]:
    report = world.view(alias).lots[L1].report
    return report.dissents if report else {}


def test_member_ends_the_signing_once() -> None:
    world = signing()
    sign_report(world, L1, "E1")
    world.act(*refusal("E3", "对资格认定有异议"))

    for member in ("E1", "E3"):
        with pytest.raises(NothingToSign):
            world.attempt(*refusal(member))


def test_member_who_refused_without_a_reason_can_still_sign_or_give_one_until_it_is_minuted() -> None:
    world = signing()
    for member in ("E2", "E3", "E4"):
        world.act(*refusal(member))

    with pytest.raises(NothingToSign):
        world.attempt(*refusal("E2"))
    sign_report(world, L1, "E2")
    world.act(*refusal("E3", "有异议"))
    world.act("E1", c.MinuteRefusal(lot=L1, version=1, member=Alias("E4"), minute="拒绝签名"))

    with pytest.raises(NothingToSign):
        world.attempt(*refusal("E4", "有异议"))


def test_signature_needs_a_certificate_and_the_latest_revision() -> None:
    world = signing()

    with pytest.raises(DocumentKeyMissing):
        world.attempt("E2", SAMPLES["sign_report"])
    enrol_document_key(world, "E2")
    with pytest.raises(DocumentMoved):
        world.attempt("E2", SAMPLES["sign_report"])


def test_refusal_is_minuted_of_members_who_have_not_ended_the_signing() -> None:
    world = signing()
    sign_report(world, L1, "E2")

    for member in ("E2", "H1", "E9"):
        with pytest.raises(NothingToMinute):
            world.attempt("E1", c.MinuteRefusal(lot=L1, version=1, member=Alias(member), minute="离席"))
    with pytest.raises(ReasonMissing):
        world.attempt("E1", c.MinuteRefusal(lot=L1, version=1, member=Alias("E3"), minute=" "))


def test_report_is_sealed_when_every_member_has_ended_the_signing() -> None:
    world = signing()

    with pytest.raises(GateClosed):
        world.attempt("E1", c.SealReport(lot=L1, version=1))
    with pytest.raises(ReportVersionPassed):
        world.attempt("E1", c.SealReport(lot=L1, version=2))


def test_every_revision_follows_the_one_before() -> None:
    world = signing()
    bases: list[Digest] = []
    for member in MEMBERS:
        sign_report(world, L1, member)
        report = world.room.lots[L1].report
        assert report is not None
        assert report.latest is not None
        bases.append(report.latest.sha256)

    assert len(set(bases)) == len(MEMBERS)
    assert NOBODYS_KEY not in bases
