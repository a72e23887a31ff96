"""The judgement of all reports: sound ones pass, whatever became of the room; any bytes are judged, never a crash."""

from collections.abc import Mapping
from random import Random

import pytest
from msgspec.structs import replace

from server.domain import commands as c
from server.domain.events import RoomOpened
from server.domain.ids import Millis
from server.evidence.progress import untold
from server.evidence.report_accounts import ReportStanding
from server.evidence.verdict import JudgedReports, Outcome
from server.reports.report_checks import judge_reports
from server.verify_desk import judge_seal
from tests.evidence.reported_room import ReportedRoom, fully_reported, plainly_reported, reported
from tests.evidence.signed_room import found_by
from tests.support.room_world import START
from tests.support.tampered_pdf import cut_revisions, draw_over

YEAR_MS = 365 * 86_400_000
CODES = {
    "report_data": Outcome.BROKEN,
    "report_preparation": Outcome.BROKEN,
    "report_pages": Outcome.BROKEN,
    "report_signatures": Outcome.BROKEN,
    "report_commands": Outcome.BROKEN,
    "report_archive": Outcome.INCOMPLETE,
}
REPORT = "reports/L2-v1-report.pdf"


def judged(room: ReportedRoom, files: Mapping[str, bytes] | None = None, *, years: int = 0) -> JudgedReports:
    return judge_reports(
        files or room.files(),
        room.world.raw,
        room.world.lines,
        untold,
        at=Millis(START + years * YEAR_MS + 86_400_000),
        judge_seal=judge_seal,
    )


def test_every_end_and_a_superseded_version_hold() -> None:
    found = judged(fully_reported())

    assert {check.code: check.failure for check in found.checks} == CODES
    assert found_by(found.checks) == {}
    assert [account.standing for account in found.accounts] == [ReportStanding.SUPERSEDED, ReportStanding.SEALED]


@pytest.mark.parametrize("before", [c.SealReport, c.SignReport, c.RefuseReport])
def test_report_of_a_room_closed_early_holds(before: type[c.AnyCommand]) -> None:
    room = fully_reported().before(before)
    room.close()

    found = judged(room)

    assert found_by(found.checks) == {}
    assert [account.standing for account in found.accounts] == [ReportStanding.SUPERSEDED, ReportStanding.OPEN]


def test_record_without_reports_has_nothing_to_judge() -> None:
    assert judged(reported()) == JudgedReports()


def test_missing_report_is_not_judged() -> None:
    files = fully_reported().files()
    del files[REPORT]

    found = judged(fully_reported(), files)

    assert found_by(found.checks) == {}
    assert [account.version for account in found.accounts] == [2]


def test_reports_hold_for_years_and_then_lack_a_new_time_stamp() -> None:
    for years in (1, 9):
        assert found_by(judged(fully_reported(), years=years).checks) == {}

    found = judged(fully_reported(), years=11)

    assert found_by(found.checks) == {"report_archive": [("reports/L2-v2-report.pdf Archive", "stamp_ended")]}


def test_of_a_report_with_a_fault_nothing_is_told() -> None:
    files = fully_reported().files()
    files[REPORT] = draw_over(files[REPORT])

    found = judged(fully_reported(), files)

    assert "report_signatures" in found_by(found.checks)
    assert [account.version for account in found.accounts] == [2]


def test_what_only_lasts_shorter_is_missing_and_what_is_not_signed_is_broken() -> None:
    files = plainly_reported().files()
    without_archive = found_by(judged(plainly_reported(), {**files, REPORT: cut_revisions(files[REPORT], 1)}).checks)
    without_seal = found_by(judged(plainly_reported(), {**files, REPORT: cut_revisions(files[REPORT], 2)}).checks)

    assert next(where for where, _ in without_archive["report_archive"]) == f"{REPORT} Archive"
    assert set(without_archive) == {"report_archive"}
    assert without_seal["report_signatures"] == [(f"{REPORT} Seal", "signature_missing")]


def damaged(data: bytes, chance: Random) -> bytes:
    """Bytes changed, cut out, doubled, or put in."""
    start, size = chance.randrange(len(data)), chance.randrange(3000)
    match chance.randrange(4):
        case 0:
            changed = bytearray(data)
            for _ in range(chance.choice((1, 30, 300))):
                changed[chance.randrange(len(data))] = chance.randrange(256)
            return bytes(changed)
        case 1:
            return data[:start]
        case 2:
            return data[: start + size] + data[start:]
        case _:
            return data[:start] + chance.randbytes(size) + data[start + size :]


HOSTILE = {
    "empty": b"",
    "no PDF": b"\0" * 5000,
    "endless arrays": b"%PDF-1.7\n" + b"[" * 200_000,
    "own end": b"%PDF-1.7\nxref\n0 1\ntrailer\n<</Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_bytes_that_are_no_report_are_judged(name: str) -> None:
    found = judged(plainly_reported(), {**plainly_reported().files(), REPORT: HOSTILE[name]})

    assert {where for found_at in found_by(found.checks).values() for where, _ in found_at} >= {REPORT}
    assert found.accounts == ()


@pytest.mark.parametrize("seed", range(12))
def test_any_damage_is_told_and_nothing_raises(seed: int) -> None:
    files = plainly_reported().files()

    found = judged(plainly_reported(), {**files, REPORT: damaged(files[REPORT], Random(seed))})

    assert found_by(found.checks)
    assert found.accounts == ()


@pytest.mark.parametrize("change", ["time zone", "main venue"])
def test_first_line_that_no_report_can_be_made_of_is_judged(change: str) -> None:
    """The host wrote it, and no rule decides it again."""
    room = plainly_reported()
    first, *others = room.world.lines
    assert isinstance(first.event, RoomOpened)
    sub = {name: replace(venue, main=False) for name, venue in first.event.venues.items()}
    opening = replace(first.event, **({"time_zone": "../nowhere"} if change == "time zone" else {"venues": sub}))

    found = judge_reports(
        room.files(),
        room.world.raw,
        [replace(first, event=opening), *others],
        untold,
        at=Millis(START),
        judge_seal=judge_seal,
    )

    assert [check for check in found.checks if not check.ok]
    assert found.accounts == ()
