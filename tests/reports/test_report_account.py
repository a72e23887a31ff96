from server.domain import commands as c
from server.domain.events import SigningEnd
from server.evidence.report_accounts import MemberAccount, ReportAccount, ReportStanding
from server.reports.report_account import account_of
from server.reports.report_story import stories_of
from server.reports.signature_facts import signatures_in
from tests.evidence.reported_room import ReportedRoom, fully_reported, plainly_reported


def accounts(room: ReportedRoom) -> list[ReportAccount]:
    files = room.files()
    return [account_of(story, files[story.name]) for story in stories_of(room.world.raw, room.world.lines)]


def test_superseded_and_sealed_versions_are_told_with_every_end() -> None:
    room = fully_reported()
    first, second = accounts(room)
    stamped = {facts.field: facts.stamped_at for facts in signatures_in(room.files()["reports/L2-v2-report.pdf"])}
    ended_at = room.report().ended_at

    assert (first.version, first.standing) == (1, ReportStanding.SUPERSEDED)
    assert [member.end for member in first.members] == [
        None,
        SigningEnd.SIGNED,
        SigningEnd.SIGNED_WITH_DISSENT,
        None,
        None,
    ]
    assert (second.title, second.version, second.standing, second.pages_set_again) == (
        "二标段",
        2,
        ReportStanding.SEALED,
        True,
    )
    assert second.members == (
        MemberAccount(label="E1 姓名·E1·", end=SigningEnd.SIGNED, at=stamped["SignE1"]),
        MemberAccount(label="E2 姓名·E2·", end=SigningEnd.SIGNED, at=stamped["SignE2"]),
        MemberAccount(label="E3 姓名·E3·", end=SigningEnd.SIGNED_WITH_DISSENT, at=stamped["SignE3"]),
        MemberAccount(label="E4 姓名·E4·", end=SigningEnd.REFUSED_WITH_DISSENT, at=ended_at[room.report().members[3]]),
        MemberAccount(label="R1 姓名·R1·", end=SigningEnd.DEEMED_AGREED, at=ended_at[room.report().members[4]]),
    )


def test_report_of_a_room_closed_early_is_open() -> None:
    room = plainly_reported().before(c.SignReport)
    room.close()

    [account] = accounts(room)

    assert account.standing is ReportStanding.OPEN
    assert (account.members[-1].end, account.members[-1].at) == (None, None)
