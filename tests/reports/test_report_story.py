from server.domain.events import SigningEnd
from server.reports.report_story import stories_of
from server.reports.signature_words import ANNEX_SIGNED, SIGNED, member_reason
from tests.evidence.reported_room import DISSENT, fully_reported, plainly_reported, reported_under_aliases

WORLD = fully_reported().world
FIRST, SECOND = stories_of(WORLD.raw, WORLD.lines)


def test_superseded_version_keeps_the_signatures_it_had() -> None:
    assert (FIRST.is_superseded, FIRST.filing) == (True, None)
    assert [each.member for each in FIRST.signatures] == ["E2", "E3"]
    assert FIRST.report.ends == {"E2": SigningEnd.SIGNED, "E3": SigningEnd.SIGNED_WITH_DISSENT}


def test_sealed_version_has_every_end_and_its_signing_record() -> None:
    assert not SECOND.is_superseded
    assert SECOND.filing is not None
    assert [(each.member, each.reason) for each in SECOND.signatures] == [
        ("E3", member_reason(DISSENT)),
        ("E1", SIGNED),
        ("E2", SIGNED),
    ]
    assert set(SECOND.report.ends) == {"E1", "E2", "E3", "E4", "R1"}
    assert SECOND.document.version == "第 2 版"
    assert SECOND.signatures[0].place == "乙县"


def test_reports_have_annexes_only_where_they_bear_aliases() -> None:
    world = reported_under_aliases().world

    first, second = stories_of(world.raw, world.lines)

    assert (FIRST.annexes, SECOND.annexes) == ((), ())
    assert [each.name for each in first.annexes] == ["reports/L2-v1-annex-E2.pdf"]
    assert [each.members for each in second.annexes] == [("E3",), ("E1",), ("E2",)]
    [signature] = second.annexes[0].signatures
    keys = world.room.document_keys
    assert signature.certificate == keys[signature.member].named
    assert second.signatures[0].certificate == keys[signature.member].certificate
    assert signature.reason == ANNEX_SIGNED


def test_record_without_reports_has_no_stories() -> None:
    world = plainly_reported().world
    issued = stories_of(world.raw, world.lines)[0].line.seq

    assert stories_of(world.raw[: issued - 1], world.lines[: issued - 1]) == ()
