"""Law 8 for signed reports: whoever changes one, or leaves one out, makes `verify` say no, and say where.

First a stranger who computes every digest anew. Then a host who lies from the start, so that its lines name the forged
file and every head is signed: the file itself must give it away. The last tests say what no verifier can know.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from random import Random
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from server.domain import commands as c
from server.domain.ids import Alias
from server.domain.lines import parse_line
from server.domain.moment import Papers
from server.evidence.check_lines import place
from server.evidence.check_reports import check_reports
from server.evidence.package import LINES, read_package
from server.evidence.report_files import ReportFile, report_files
from server.evidence.verdict import Outcome
from server.reports.report_pdf import RenderedReport
from server.store.files import document_file
from server.verify_desk import verify_package
from tests.evidence.forging_host import (
    Backdating,
    Borrowing,
    Certifying,
    Drawing,
    Exchanging,
    Muting,
    boxes_of,
    certified,
    doctored,
    forged,
    hosted,
    other_total,
    print_other_total,
    refiled,
    sign_in_their_place,
    without_dissents,
)
from tests.evidence.reported_room import (
    DISSENT,
    Bytes,
    PaperWorld,
    ReportedRoom,
    fully_reported,
    plainly_reported,
    reported,
)
from tests.evidence.signed_room import found, number_of, rewritten, signed_package, with_files
from tests.support.room_plan import L1, L2, LOTS
from tests.support.tampered_pdf import add_field, add_note, cut_revisions, draw_over, flip_byte, flip_signature

REPORT, RECORD = "reports/L2-v1-report.pdf", "reports/L2-v1-signing-record.pdf"
E1, E2, E3 = Alias("E1"), Alias("E2"), Alias("E3")
"The first sits at the host's own venue, the others at another."


@cache
def package() -> bytes:
    """Everybody signs one report."""
    return plainly_reported().package()


@cache
def contents() -> Mapping[str, bytes]:
    return read_package(package())


@cache
def named() -> dict[str, ReportFile]:
    return report_files(parse_line(raw) for raw in contents()[LINES].splitlines())


def file_places(files: Mapping[str, bytes]) -> list[str]:
    """Where the checks of files against lines find something; the whole verdict takes a thousand times as long."""
    checks = check_reports({**contents(), **files}, named())
    return [finding.where for check in checks for finding in check.findings]


def flipped(data: bytes, number: int, bits: int = 1) -> bytes:
    return data[:number] + bytes([data[number] ^ bits]) + data[number + 1 :]


def judged(data: bytes) -> tuple[Outcome, dict[str, list[str]]]:
    verdict = verify_package(data)
    wheres = found(verdict)
    assert all(where for found_at in wheres.values() for where in found_at)
    return verdict.outcome, wheres


def fields_of(wheres: Iterable[str]) -> set[str]:
    """Of a report, in findings."""
    return {where.removeprefix(REPORT).strip() for where in wheres}


# -- a stranger who computes digests anew


def test_reports_of_an_honest_host_are_sound() -> None:
    assert judged(package()) == (Outcome.SOUND, {})
    assert judged(fully_reported().package()) == (Outcome.SOUND, {})


@pytest.mark.parametrize("name", [REPORT, RECORD])
def test_any_flipped_byte_of_a_report_is_found_in_it(name: str) -> None:
    chance, data = Random(8), contents()[name]
    numbers = [*range(0, len(data), 397), *range(len(data) - 40, len(data))]

    missed = [n for n in numbers if set(file_places({name: flipped(data, n, chance.randint(1, 255))})) != {name}]

    assert missed == []


@pytest.mark.parametrize("name", [REPORT, RECORD])
def test_any_cut_tail_of_a_report_is_found(name: str) -> None:
    data = contents()[name]
    ends = [cut_revisions(data, count) for count in range(1, data.count(b"%%EOF") - 1)]

    for cut in [b"", *ends, *(data[:size] for size in range(1, len(data), 997))]:
        assert set(file_places({name: cut})) == {name}


TAMPERED = [flip_byte, draw_over, add_note, add_field, lambda pdf: cut_revisions(pdf, 1), flip_signature]
NAMES = ["a byte flipped", "drawn over", "note", "field added", "revision cut", "signature flipped"]


@pytest.mark.parametrize("tamper", TAMPERED, ids=NAMES)
def test_tampering_under_new_digests_is_found_in_the_file(tamper: Callable[[bytes], bytes]) -> None:
    outcome, wheres = judged(with_files(package(), {REPORT: tamper(contents()[REPORT])}))

    assert (outcome, set(wheres), set(wheres["report_files"])) == (Outcome.BROKEN, {"report_files"}, {REPORT})


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({REPORT: None}, {"reports_present": [REPORT]}),
        ({RECORD: None}, {"reports_present": [RECORD]}),
        ({REPORT: None, RECORD: None}, {"reports_present": [REPORT, RECORD]}),
    ],
)
def test_missing_report_is_missing_and_the_rest_holds(
    files: dict[str, bytes | None], expected: dict[str, list[str]]
) -> None:
    assert judged(with_files(package(), files)) == (Outcome.INCOMPLETE, expected)


def test_missing_superseded_version_is_missing() -> None:
    outcome, wheres = judged(with_files(fully_reported().package(), {REPORT: None}))

    assert (outcome, wheres) == (Outcome.INCOMPLETE, {"reports_present": [REPORT]})


def test_file_that_no_line_names_is_no_part_of_a_package() -> None:
    outcome, wheres = judged(with_files(package(), {"reports/L2-v2-report.pdf": contents()[REPORT]}))

    assert (outcome, wheres) == (Outcome.UNREADABLE, {"contents_known": ["reports/L2-v2-report.pdf"]})


def test_signing_record_in_the_reports_place_is_found() -> None:
    outcome, wheres = judged(with_files(package(), {REPORT: contents()[RECORD], RECORD: contents()[REPORT]}))

    assert (outcome, set(wheres["report_files"])) == (Outcome.BROKEN, {REPORT, RECORD})


def test_report_of_another_room_is_found() -> None:
    other = read_package(fully_reported().package())[REPORT]

    outcome, wheres = judged(with_files(package(), {REPORT: other}))

    assert (outcome, set(wheres["report_files"])) == (Outcome.BROKEN, {REPORT})


def test_flipped_byte_of_a_venues_certificate_is_found() -> None:
    name = "certificates/yi.pem"
    pem = contents()[name]

    for number in range(0, len(pem), 41):
        outcome, wheres = judged(with_files(package(), {name: flipped(pem, number)}))
        assert (outcome, wheres) == (Outcome.BROKEN, {"venue_certificates": [name]})


# -- a host who changes its lines afterwards and signs every head anew


def renamed(line: dict[str, Any], key: str, data: bytes) -> None:
    line[key] = msgspec.to_builtins(document_file(data))


def test_host_cannot_name_another_file_afterwards() -> None:
    """Whoever acted next has signed to have seen the line as it was."""
    room, pdf = plainly_reported(), draw_over(contents()[REPORT])
    number = number_of(room.world.raw, "report_filed")
    raws = rewritten(room.world.raw, number, lambda line: renamed(line, "report", pdf))

    outcome, wheres = judged(signed_package(raws, room.sizes, reports={**room.files(), REPORT: pdf}))

    assert (outcome, list(wheres)) == (Outcome.BROKEN, ["commands_decided_again"])
    assert wheres["commands_decided_again"][0].startswith("lines.jsonl:")


def test_host_cannot_change_what_a_member_signed_to_have_signed() -> None:
    room = plainly_reported()
    number = next(
        n for n, raw in enumerate(room.world.raw) if b'"type\\":\\"sign_report' in raw and b'"by":"E3"' in raw
    )
    document = msgspec.json.decode(msgspec.json.decode(room.world.raw[number])["signed"]["text"])["document"]

    def change(line: dict[str, Any]) -> None:
        line["signed"]["text"] = line["signed"]["text"].replace(document, document[::-1])

    raws = rewritten(room.world.raw, number, change)

    outcome, wheres = judged(signed_package(raws, room.sizes, reports=room.files()))

    assert (outcome, set(wheres)) == (Outcome.BROKEN, {"command_signatures"})


# -- a host who lies from the start: every line, digest and head fits its lies

SIGNED_FIELDS = {"Certify", "SignE1", "SignE2", "SignE3", "SignE4", "SignR1", "Seal", "Archive"}


@pytest.mark.parametrize(
    ("tamper", "fields"),
    [(draw_over, SIGNED_FIELDS), (add_note, SIGNED_FIELDS), (add_field, {"Certify", "Seal", "Archive", "X"})],
    ids=NAMES[1:4],
)
def test_host_cannot_change_a_sealed_report(tamper: Callable[[bytes], bytes], fields: set[str]) -> None:
    room = forged(c.SealReport, lambda room, command, files: refiled(room, tamper(files[0])))

    outcome, wheres = judged(room.package())

    places = {field for field in fields_of(wheres["report_signatures"]) if not field.startswith("bytes")}
    assert (outcome, places) == (Outcome.BROKEN, fields)


@pytest.mark.parametrize("tamper", [flip_byte, flip_signature], ids=["page", "signature"])
def test_host_cannot_flip_a_byte_of_a_sealed_report(tamper: Callable[[bytes], bytes]) -> None:
    """It no longer begins with what earlier lines name."""
    room = forged(c.SealReport, lambda room, command, files: refiled(room, tamper(files[0])))

    outcome, wheres = judged(room.package())

    assert (outcome, set(wheres), set(wheres["report_files"])) == (Outcome.BROKEN, {"report_files"}, {REPORT})


def test_host_cannot_leave_the_seal_out() -> None:
    room = forged(c.SealReport, lambda room, command, files: refiled(room, cut_revisions(files[0], 2)))

    outcome, wheres = judged(room.package())

    assert (outcome, fields_of(wheres["report_signatures"])) == (Outcome.BROKEN, {"Seal"})


def test_sealed_report_without_its_archive_is_incomplete() -> None:
    """Nothing in it is false; years later nobody could judge it."""
    room = forged(c.SealReport, lambda room, command, files: refiled(room, cut_revisions(files[0], 1)))

    outcome, wheres = judged(room.package())

    assert (outcome, list(wheres)) == (Outcome.INCOMPLETE, ["report_archive"])
    assert "Archive" in fields_of(wheres["report_archive"])


def test_host_cannot_leave_a_member_out() -> None:
    """The line says that the last one signed, and names the report without it."""
    room = forged(c.SignReport, lambda _, command, files: (cut_revisions(files[0], 1),))

    outcome, wheres = judged(room.package())

    last = room.report().members[-1]
    assert (outcome, fields_of(wheres["report_signatures"])) == (Outcome.BROKEN, {f"Sign{last}"})


def test_host_cannot_report_another_total() -> None:
    outcome, wheres = judged(doctored(c.IssueReport, other_total).package())

    assert (outcome, wheres) == (Outcome.BROKEN, {"report_data": [REPORT], "report_pages": [REPORT]})


def test_host_cannot_print_another_total_than_the_data_say() -> None:
    outcome, wheres = judged(forged(c.IssueReport, print_other_total).package())

    assert (outcome, wheres) == (Outcome.BROKEN, {"report_pages": [REPORT]})


def test_host_cannot_draw_over_a_page_before_it_is_certified() -> None:
    """No signature is older than the certification, which would vouch for it."""

    def draw(room: ReportedRoom, command: c.AnyCommand, files: Bytes) -> Bytes:
        drawn = RenderedReport(pdf=draw_over(files[0]), boxes=boxes_of(room))
        return files[0], certified(room, drawn)[1]

    outcome, wheres = judged(forged(c.IssueReport, draw).package())

    assert (outcome, set(wheres["report_preparation"])) == (Outcome.BROKEN, {REPORT})


def test_host_cannot_put_a_members_field_over_the_figures() -> None:
    def move(room: ReportedRoom, command: c.AnyCommand, files: Bytes) -> Bytes:
        first, *others = boxes_of(room)
        moved = replace(first, page=1, x=60, y=600, w=400, h=100)
        return certified(room, RenderedReport(pdf=files[0], boxes=(moved, *others)))

    outcome, wheres = judged(forged(c.IssueReport, move).package())

    assert (outcome, wheres) == (Outcome.BROKEN, {"report_pages": [f"{REPORT} SignE1"]})


def test_host_cannot_cut_a_dissent_from_the_signing_record() -> None:
    room = doctored(c.SealReport, without_dissents, fully_reported())
    record = "reports/L2-v2-signing-record.pdf"

    outcome, wheres = judged(room.package())

    assert (outcome, wheres) == (Outcome.BROKEN, {"report_data": [record], "report_pages": [record]})


def test_exchanged_reports_of_two_lots_are_found() -> None:
    room = two_lots()
    files = room.files()
    one, other = files

    outcome, wheres = judged(with_files(room.package(), {one: files[other], other: files[one]}))

    assert judged(room.package()) == (Outcome.SOUND, {})
    assert (outcome, set(wheres["report_files"])) == (Outcome.BROKEN, {one, other})


def test_host_cannot_issue_the_report_of_another_lot() -> None:
    first = next(iter(two_lots().files().values()))
    room = two_lots().before(c.IssueReport)
    typeset = room.report(L1).issued
    assert typeset is not None
    room.world.forge = lambda command, files: (first[: typeset.typeset.size], first)
    room.issue(L2)
    room.close()

    outcome, wheres = judged(room.package())

    assert (outcome, wheres["report_data"]) == (Outcome.BROKEN, [REPORT])


@cache
def two_lots() -> ReportedRoom:
    """Two reports that wait for signatures when the room is closed. Not to be changed."""
    room = reported(lots=LOTS)
    room.issue(L1)
    room.issue(L2)
    room.close()
    return room


def test_host_cannot_exchange_the_signatures_of_two_members() -> None:
    outcome, wheres = judged(hosted(Exchanging).package())

    assert (outcome, fields_of(wheres["report_signatures"])) == (Outcome.BROKEN, {"SignE2", "SignE3"})
    assert {"SignE2", "SignE3"} <= fields_of(wheres["report_commands"])


def test_host_cannot_leave_a_dissent_out_of_a_signature() -> None:
    outcome, wheres = judged(hosted(Muting, (E3, DISSENT)).package())

    assert (outcome, wheres) == (Outcome.BROKEN, {"report_commands": [f"{REPORT} SignE3"]})


def test_host_cannot_sign_in_the_place_of_another_venues_expert() -> None:
    room = plainly_reported().before(c.IssueReport)
    room.world.forge = lambda command, files: sign_in_their_place(room, command, files)
    room.issue()
    room.sign(E3)
    room.close()

    outcome, wheres = judged(room.package())

    assert outcome is Outcome.BROKEN
    assert fields_of(wheres["report_signatures"]) == {"SignE3"}
    assert "SignE3" in fields_of(wheres["report_commands"])


def test_host_cannot_certify_a_document_key_for_another_venues_expert() -> None:
    room = hosted(Certifying)

    outcome, wheres = judged(room.package())

    certified_at = number_of(room.world.raw, "document_key_certified", "E3")
    assert (outcome, wheres) == (Outcome.BROKEN, {"seat_certificates": [place(certified_at)] * 2})


def test_host_cannot_seal_with_another_venues_seal() -> None:
    outcome, wheres = judged(hosted(Borrowing).package())

    assert (outcome, list(wheres)) == (Outcome.BROKEN, ["report_commands"])
    assert fields_of(wheres["report_commands"]) == {"Certify", "Seal"}


def test_host_cannot_stamp_another_time_than_the_record_says() -> None:
    outcome, wheres = judged(hosted(Backdating).package())

    assert outcome is Outcome.BROKEN
    assert fields_of(wheres["report_commands"]) == SIGNED_FIELDS


# -- what no verifier can know, as the README of the package says


def test_host_that_signs_for_its_own_venues_expert_is_not_found() -> None:
    """Its venue certifies another document key for E1, whose command key it holds; that stands in the record."""
    room = plainly_reported().before(c.IssueReport)
    room.certify(E1)
    room.certify(E1)
    room.issue()
    room.sign_all()
    room.close()

    outcome, wheres = judged(room.package())

    assert (outcome, wheres) == (Outcome.SOUND, {})
    assert sum(b'"type":"document_key_certified"' in raw and b'"by":"E1"' in raw for raw in room.world.raw) == 2


def test_page_of_another_renderer_is_vouched_for_only_by_those_who_signed_it() -> None:
    class Renaming(PaperWorld):
        def papers(self, command: c.AnyCommand) -> Papers:
            papers = super().papers(command)
            return replace(papers, renderer="typesetter of another version") if papers.renderer else papers

    room = plainly_reported().before(c.IssueReport, Renaming)
    room.world.forge = lambda command, files: (
        print_other_total(room, command, files) if isinstance(command, c.IssueReport) else files
    )
    room.issue()
    room.close()

    verdict = verify_package(room.package())

    assert (verdict.outcome, found(verdict)) == (Outcome.SOUND, {})
    assert "report_pages" not in [check.code for check in verdict.checks]
    assert [account.pages_set_again for account in verdict.reports] == [False]


def test_hand_that_drew_a_signature_is_not_known() -> None:
    """The picture shows what the host drew; what the member's key signed is the document."""
    assert judged(hosted(Drawing).package()) == (Outcome.SOUND, {})
