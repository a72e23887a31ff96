from server.domain import commands as c
from server.domain.events import SigningEnd
from server.domain.ids import Alias
from server.reports.report_story import ReportStory, stories_of
from tests.evidence.reported_room import DISSENT, ReportedRoom, fully_reported, plainly_reported, reported
from tests.support.room_plan import L1, L2, LOTS

E3 = Alias("E3")


def told(room: ReportedRoom) -> tuple[ReportStory, ...]:
    return stories_of(room.world.raw, room.world.lines)


def test_sealed_report_has_a_signature_of_every_member_in_the_order_of_signing() -> None:
    room = plainly_reported()

    [story] = told(room)

    report = room.report()
    assert (story.name, story.record_name) == ("reports/L2-v1-report.pdf", "reports/L2-v1-signing-record.pdf")
    assert (story.lot, story.report, story.issued) == (L2, report, report.issued)
    assert [each.field for each in story.signatures] == [f"Sign{member}" for member in report.members]
    assert [each.certificate for each in story.signatures] == [
        room.world.room.document_keys[member].certificate for member in report.members
    ]
    assert story.signatures[-1].place == "甲市"
    assert story.filing is not None
    assert story.filing.filed == report.filed
    assert not story.is_superseded


def test_every_version_is_told_as_it_was_left() -> None:
    first, second = told(fully_reported())

    assert (first.is_superseded, first.filing, list(first.report.ends)) == (True, None, ["E2", "E3"])
    assert [each.command.dissent for each in first.signatures] == ["", DISSENT]
    assert not second.is_superseded
    assert second.report.ends == {
        "E3": SigningEnd.SIGNED_WITH_DISSENT,
        "E4": SigningEnd.REFUSED_WITH_DISSENT,
        "R1": SigningEnd.DEEMED_AGREED,
        "E1": SigningEnd.SIGNED,
        "E2": SigningEnd.SIGNED,
    }
    assert second.labels[E3] == "E3 姓名·E3·"


def test_report_of_a_room_closed_early_is_told_without_a_seal() -> None:
    room = plainly_reported().before(c.SealReport)
    room.close()

    [story] = told(room)

    assert (story.filing, story.is_superseded, len(story.signatures)) == (None, False, 5)


def test_lots_are_told_apart() -> None:
    room = reported(lots=LOTS)
    room.issue(L2)
    room.issue(L1)

    assert [story.lot for story in told(room)] == [L2, L1]


def test_signature_made_after_a_new_certificate_has_that_one() -> None:
    room = plainly_reported().before(c.IssueReport)
    room.issue()
    room.certify(E3)
    old = room.world.room.document_keys[E3].certificate
    room.certify(E3)
    room.sign(E3)

    [story] = told(room)

    assert [each.certificate for each in story.signatures] == [room.world.room.document_keys[E3].certificate]
    assert story.signatures[0].certificate != old


def test_room_without_a_report_tells_none() -> None:
    assert told(reported()) == ()
