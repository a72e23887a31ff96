from server.domain.events import SigningEnd
from server.reports.report_story import stories_of
from tests.evidence.reported_room import DISSENT, fully_reported, plainly_reported

WORLD = fully_reported().world
FIRST, SECOND = stories_of(WORLD.raw, WORLD.lines)


def test_superseded_version_keeps_the_signatures_it_had() -> None:
    assert (FIRST.is_superseded, FIRST.filing) == (True, None)
    assert [each.member for each in FIRST.signatures] == ["E2", "E3"]
    assert FIRST.report.ends == {"E2": SigningEnd.SIGNED, "E3": SigningEnd.SIGNED_WITH_DISSENT}


def test_sealed_version_has_every_end_and_its_signing_record() -> None:
    assert not SECOND.is_superseded
    assert SECOND.filing is not None
    assert [(each.member, each.command.dissent) for each in SECOND.signatures] == [
        ("E3", DISSENT),
        ("E1", ""),
        ("E2", ""),
    ]
    assert set(SECOND.report.ends) == {"E1", "E2", "E3", "E4", "R1"}
    assert SECOND.document.version == "第 2 版"
    assert SECOND.signatures[0].place == "乙县"


def test_record_without_reports_has_no_stories() -> None:
    world = plainly_reported().world
    issued = stories_of(world.raw, world.lines)[0].line.seq

    assert stories_of(world.raw[: issued - 1], world.lines[: issued - 1]) == ()
