from server.domain.events import SigningEnd
from server.evidence.report_accounts import ReportStanding
from server.reports.report_account import account_of
from server.reports.report_story import stories_of
from tests.evidence.reported_room import fully_reported

ROOM = fully_reported()
FIRST, SECOND = stories_of(ROOM.world.raw, ROOM.world.lines)


def test_account_says_how_each_member_ended_and_when() -> None:
    account = account_of(SECOND, ROOM.files()[SECOND.name])

    assert account.standing is ReportStanding.SEALED
    assert account.pages_set_again
    assert {each.label.split()[0]: each.end for each in account.members} == {
        "E1": SigningEnd.SIGNED,
        "E2": SigningEnd.SIGNED,
        "E3": SigningEnd.SIGNED_WITH_DISSENT,
        "E4": SigningEnd.REFUSED_WITH_DISSENT,
        "R1": SigningEnd.DEEMED_AGREED,
    }
    assert all(each.at is not None for each in account.members)


def test_account_of_a_superseded_version_tells_who_had_not_answered() -> None:
    account = account_of(FIRST, ROOM.files()[FIRST.name])

    assert account.standing is ReportStanding.SUPERSEDED
    assert [each.label.split()[0] for each in account.members if each.end is None] == ["E1", "E4", "R1"]
