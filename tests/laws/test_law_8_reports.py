"""Law 8 for reports: whoever changes a report, or has another one made, is found."""

from collections.abc import Callable
from random import Random

import pytest
from msgspec.structs import replace

from server.domain import commands as c
from server.domain.ids import Millis
from server.domain.state import RoomState
from server.evidence.verdict import Outcome
from server.verify_desk import verify_package
from tests.evidence.reported_room import ReportedRoom, fully_reported, plain_end, plainly_reported, reported
from tests.evidence.signed_room import found, with_files
from tests.support import tampered_pdf
from tests.support.room_plan import L2, A
from tests.support.room_world import START

AT = Millis(START + 3_600_000)
PACKAGE, FILES = plainly_reported().package(), plainly_reported().files()
REPORT, RECORD = FILES


def places(package: bytes) -> dict[str, list[str]]:
    """Where something was found; what is found makes the package broken."""
    verdict = verify_package(package, at=AT)
    assert verdict.outcome is Outcome.BROKEN
    return found(verdict)


# -- a stranger who computes every digest anew


@pytest.mark.parametrize("name", FILES)
def test_any_changed_byte_of_a_file_is_found(name: str) -> None:
    chance = Random(81)
    data = FILES[name]

    for at in chance.sample(range(len(data)), 12):
        changed = data[:at] + bytes([data[at] ^ chance.randint(1, 255)]) + data[at + 1 :]
        assert set(places(with_files(PACKAGE, {name: changed}))["report_files"]) == {name}


@pytest.mark.parametrize(
    "change",
    [
        tampered_pdf.flip_byte,
        tampered_pdf.draw_over,
        tampered_pdf.add_note,
        tampered_pdf.add_field,
        lambda pdf: tampered_pdf.redraw_handwriting(pdf, "SignE1"),
        lambda pdf: tampered_pdf.cut_revisions(pdf, 2),
        tampered_pdf.flip_signature,
        lambda pdf: b"",
        lambda pdf: b"%PDF-1.7 nothing",
    ],
)
def test_tampered_report_is_found(change: Callable[[bytes], bytes]) -> None:
    assert set(places(with_files(PACKAGE, {REPORT: change(FILES[REPORT])}))["report_files"]) == {REPORT}


def test_report_of_another_room_is_found() -> None:
    other = fully_reported().files()

    assert REPORT in places(with_files(PACKAGE, {REPORT: other["reports/L2-v2-report.pdf"]}))["report_files"]


# -- a host who holds all keys of the server and has other papers made


def doctored(command: c.AnyCommand, room: RoomState) -> RoomState:
    """For the report: a room in which bid A is ranked with another total."""
    if not isinstance(command, c.IssueReport):
        return room
    lot = room.lots[L2]
    assert lot.ranked is not None
    order = tuple(replace(each, total="69.9") if each.bid == A else each for each in lot.ranked.ranking.order)
    ranked = replace(lot.ranked, ranking=replace(lot.ranked.ranking, order=order))
    return replace(room, lots={**room.lots, L2: replace(lot, ranked=ranked)})


def with_doctor(room: ReportedRoom) -> None:
    room.world.doctor = doctored


def test_report_that_says_another_total_is_found_though_everybody_signed_it() -> None:
    wheres = places(reported(with_doctor, plain_end).package())

    assert set(wheres) == {"report_data", "report_pages"}
    assert {where for each in wheres.values() for where in each} >= {REPORT}


def forging(change: Callable[[bytes], bytes], kind: type[c.AnyCommand]) -> Callable[[ReportedRoom], None]:
    """The host changes the last file that is made for a kind of command, before a line names it."""

    def step(room: ReportedRoom) -> None:
        room.world.forge = lambda command, files: (
            (*files[:-1], change(files[-1])) if isinstance(command, kind) else files
        )

    return step


@pytest.mark.parametrize(
    ("kind", "change", "codes"),
    [
        (c.SealReport, lambda pdf: FILES[RECORD], {"report_data", "report_pages"}),
        (c.SealReport, lambda pdf: b"%PDF-1.7 no record", {"report_data", "report_pages"}),
    ],
)
def test_signing_record_that_says_something_else_is_found(
    kind: type[c.AnyCommand], change: Callable[[bytes], bytes], codes: set[str]
) -> None:
    def dissenting_end(room: ReportedRoom) -> None:
        room.issue()
        room.sign("E3", "报价分析依据不足")
        room.sign_all()
        room.seal()
        room.close()

    wheres = places(reported(forging(change, kind), dissenting_end).package())

    assert set(wheres) == codes
    assert {where for each in wheres.values() for where in each} == {RECORD}


@pytest.mark.parametrize("change", [tampered_pdf.draw_over, tampered_pdf.add_note])
def test_page_drawn_over_before_the_first_member_signs_is_found(change: Callable[[bytes], bytes]) -> None:
    wheres = places(reported(forging(change, c.IssueReport), plain_end).package())

    assert any(code.startswith("report_") for code in wheres)
    assert {where.split()[0] for each in wheres.values() for where in each} == {REPORT}
