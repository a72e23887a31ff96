"""What `verify` finds in packages with reports; `tests/laws/test_law_8_tampered_reports.py` goes on from here."""

from server.domain.ids import Millis
from server.evidence.progress import Stage
from server.evidence.verdict import Outcome
from server.verify_desk import verify_package
from tests.evidence.reported_room import fully_reported, plainly_reported, reported
from tests.evidence.signed_room import found, with_files
from tests.support.room_world import START

YEAR_MS = 365 * 86_400_000
AT = Millis(START + 3_600_000)


def test_reports_with_every_end_and_a_superseded_version_are_sound() -> None:
    verdict = verify_package(fully_reported().package(), at=AT)

    assert (verdict.outcome, found(verdict)) == (Outcome.SOUND, {})
    codes = [check.code for check in verdict.checks]
    assert codes[codes.index("report_data") :] == [
        "report_data",
        "report_preparation",
        "report_pages",
        "report_signatures",
        "report_commands",
        "report_archive",
    ]


def test_report_holds_for_years_and_its_archive_has_to_be_renewed_after_ten() -> None:
    package = plainly_reported().package()

    assert verify_package(package, at=Millis(START + 8 * YEAR_MS)).outcome is Outcome.SOUND
    later = verify_package(package, at=Millis(START + 11 * YEAR_MS))
    assert (later.outcome, set(found(later))) == (Outcome.INCOMPLETE, {"report_archive"})


def test_room_that_was_closed_while_its_report_was_signed_is_not_broken() -> None:
    def early_end(room: object) -> None:
        assert isinstance(room, type(plainly_reported()))
        room.issue()
        room.sign("E1")
        room.close()

    verdict = verify_package(reported(early_end).package(), at=AT)

    assert (verdict.outcome, found(verdict)) == (Outcome.SOUND, {})


def test_missing_report_and_signing_record_leave_the_package_incomplete() -> None:
    package = plainly_reported().package()

    for name in plainly_reported().files():
        verdict = verify_package(with_files(package, {name: None}), at=AT)
        assert (verdict.outcome, found(verdict)) == (Outcome.INCOMPLETE, {"reports_present": [name]})


def test_who_waits_is_told_how_far_it_is() -> None:
    told: list[tuple[Stage, int, int]] = []

    verify_package(plainly_reported().package(), at=AT, tell=lambda stage, done, of: told.append((stage, done, of)))

    for stage in Stage:
        steps = [(done, of) for each, done, of in told if each is stage]
        assert steps[-1][0] == steps[-1][1] > 1
        assert steps == sorted(steps)
