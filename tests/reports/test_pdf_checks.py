import hashlib
from collections.abc import Callable, Sequence

import msgspec
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from server.domain.ids import Digest, Millis
from server.reports.pdf_checks import check_signed_pdf
from server.reports.pdf_findings import Beginning, Expectation, PdfFinding, PdfFlaw
from server.reports.signature_facts import signatures_in
from tests.support.signed_pdf import Member, SigningWorld, make_member, small_pdf
from tests.support.tampered_pdf import (
    add_field,
    add_note,
    cut_revisions,
    draw_over,
    flip_byte,
    flip_signature,
    redraw_handwriting,
)

YEAR = 365 * 86_400_000
ALL = ("Certify", "E1", "E2", "E3", "E4", "Seal", "Archive")


def _expect(world: SigningWorld, signers: Sequence[Member], *, is_closed: bool) -> Expectation:
    return Expectation(
        anchors=world.anchors,
        certificates={member.field: member.certificate for member in signers},
        unsigned=frozenset(member.field for member in world.members if member not in signers),
        seal=world.seal.certificate.public_bytes(Encoding.DER),
        is_closed=is_closed,
    )


def _flaws(pdf: bytes, expectation: Expectation, world: SigningWorld) -> set[tuple[PdfFlaw, str]]:
    return {(finding.flaw, finding.where) for finding in check_signed_pdf(pdf, expectation, world.now)}


@pytest.fixture(scope="module")
def whole(signing_world: SigningWorld) -> Expectation:
    return _expect(signing_world, signing_world.members, is_closed=True)


@pytest.mark.parametrize("years", [0, 1, 8])
def test_whole_report_holds_for_years(
    signing_world: SigningWorld, report: bytes, whole: Expectation, years: int
) -> None:
    at = Millis(signing_world.now + years * YEAR)

    assert check_signed_pdf(report, whole, at) == ()


def test_report_must_be_stamped_again_before_its_stamp_ends(
    signing_world: SigningWorld, report: bytes, whole: Expectation
) -> None:
    (finding,) = check_signed_pdf(report, whole, Millis(signing_world.now + 11 * YEAR))

    assert (finding.flaw, finding.where) == (PdfFlaw.UNTRUSTED, "Archive")
    assert "OUT_OF_BOUNDS" in finding.detail


@pytest.mark.parametrize("count", [0, 2])
def test_report_that_some_have_signed_is_as_expected(signing_world: SigningWorld, certified: bytes, count: int) -> None:
    signers = signing_world.members[:count]
    pdf = signing_world.signed(certified, *signers)

    assert check_signed_pdf(pdf, _expect(signing_world, signers, is_closed=False), signing_world.now) == ()


def test_closed_report_without_a_member_who_refused_holds(signing_world: SigningWorld, certified: bytes) -> None:
    signers = signing_world.members[1:]
    pdf = signing_world.closed(signing_world.signed(certified, *signers))

    assert check_signed_pdf(pdf, _expect(signing_world, signers, is_closed=True), signing_world.now) == ()


def test_unclosed_report_lacks_what_closes_it(
    signing_world: SigningWorld, certified: bytes, whole: Expectation
) -> None:
    pdf = signing_world.signed(certified, *signing_world.members)

    findings = check_signed_pdf(pdf, whole, signing_world.now)

    assert [(each.flaw, each.where) for each in findings] == [
        (PdfFlaw.SIGNATURE_MISSING, "Archive"),
        (PdfFlaw.SIGNATURE_MISSING, "Seal"),
        (PdfFlaw.REVOCATION_MISSING, f"bytes 0-{len(pdf)}"),
    ]
    assert all(finding.flaw.is_gap for finding in findings)


def test_flipped_byte_breaks_every_signature(signing_world: SigningWorld, report: bytes, whole: Expectation) -> None:
    found = _flaws(flip_byte(report), whole, signing_world)

    assert found == {(PdfFlaw.BYTES_CHANGED, field) for field in ALL}


@pytest.mark.parametrize("tamper", [draw_over, add_note], ids=["drawn over", "note"])
def test_later_revision_that_changes_a_page_is_refused_by_every_signature(
    signing_world: SigningWorld, report: bytes, whole: Expectation, tamper: Callable[[bytes], bytes]
) -> None:
    pdf = tamper(report)

    found = _flaws(pdf, whole, signing_world)

    changed = {(PdfFlaw.CHANGED_AFTERWARDS, field) for field in ALL}
    assert found == changed | {(PdfFlaw.TAIL_UNSIGNED, f"bytes {len(report)}-{len(pdf)}")}


def test_one_more_field_is_refused(signing_world: SigningWorld, report: bytes, whole: Expectation) -> None:
    pdf = add_field(report)

    assert _flaws(pdf, whole, signing_world) == {
        (PdfFlaw.FIELD_UNEXPECTED, "X"),
        (PdfFlaw.TAIL_UNSIGNED, f"bytes {len(report)}-{len(pdf)}"),
        *((PdfFlaw.CHANGED_AFTERWARDS, field) for field in ("Certify", "Seal", "Archive")),
    }


@pytest.mark.parametrize(
    ("count", "missing"), [(1, {"Archive"}), (2, {"Archive", "Seal"}), (3, {"Archive", "Seal", "E4"})]
)
def test_cut_off_signers_are_missed(
    signing_world: SigningWorld, report: bytes, whole: Expectation, count: int, missing: set[str]
) -> None:
    pdf = cut_revisions(report, count)

    found = _flaws(pdf, whole, signing_world)

    gaps = {(PdfFlaw.SIGNATURE_MISSING, field) for field in missing}
    assert found == gaps | {(PdfFlaw.REVOCATION_MISSING, f"bytes 0-{len(pdf)}")}


def test_flipped_signature_is_refused_from_there_on(
    signing_world: SigningWorld, report: bytes, whole: Expectation
) -> None:
    found = _flaws(flip_signature(report), whole, signing_world)

    assert {field for _, field in found} == set(ALL)
    assert found >= {(PdfFlaw.BYTES_CHANGED, field) for field in ALL[1:]}


@pytest.mark.parametrize("field", ["E1", "E3"], ids=["signed", "empty"])
def test_handwriting_drawn_by_another_hand_is_refused(
    signing_world: SigningWorld, certified: bytes, field: str
) -> None:
    signers = signing_world.members[:2]
    drawn = redraw_handwriting(signing_world.signed(certified, *signers), field)

    found = _flaws(signing_world.closed(drawn), _expect(signing_world, signers, is_closed=True), signing_world)

    assert {flaw for flaw, _ in found} == {PdfFlaw.CHANGED_AFTERWARDS}
    assert {field for _, field in found} >= {"E1", "E2"}


def test_signature_that_should_not_be_there_is_named(signing_world: SigningWorld, report: bytes) -> None:
    expectation = _expect(signing_world, signing_world.members[1:], is_closed=True)

    assert _flaws(report, expectation, signing_world) == {(PdfFlaw.SIGNATURE_UNEXPECTED, "E1")}


def test_signature_of_another_certificate_is_named(
    signing_world: SigningWorld, certified: bytes, whole: Expectation
) -> None:
    own = signing_world.members[0]
    twin = make_member(signing_world.main, own.alias, own.name, signing_world.now)
    pdf = signing_world.closed(signing_world.signed(certified, twin, *signing_world.members[1:]))

    assert _flaws(pdf, whole, signing_world) == {(PdfFlaw.OTHER_CERTIFICATE, "E1")}


def test_venue_that_the_record_does_not_name_is_not_trusted(
    signing_world: SigningWorld, report: bytes, whole: Expectation
) -> None:
    main_alone = msgspec.structs.replace(whole, anchors=signing_world.anchors[:1])

    assert _flaws(report, main_alone, signing_world) == {(PdfFlaw.UNTRUSTED, "E2"), (PdfFlaw.UNTRUSTED, "E4")}


def test_other_document_is_named(signing_world: SigningWorld, report: bytes, whole: Expectation) -> None:
    base = small_pdf()
    own = Beginning(size=len(base), sha256=Digest(hashlib.sha256(base).hexdigest()))
    other = Beginning(size=len(base), sha256=Digest(hashlib.sha256(b"other").hexdigest()))

    assert check_signed_pdf(report, msgspec.structs.replace(whole, beginnings=(own,)), signing_world.now) == ()
    assert check_signed_pdf(report, msgspec.structs.replace(whole, beginnings=(other,)), signing_world.now) == (
        PdfFinding(flaw=PdfFlaw.OTHER_BASE, where=f"bytes 0-{len(base)}"),
    )


def test_document_that_was_never_certified_lacks_everything(signing_world: SigningWorld, whole: Expectation) -> None:
    pdf = small_pdf()

    found = _flaws(pdf, whole, signing_world)

    assert found >= {(PdfFlaw.SIGNATURE_MISSING, field) for field in ALL}
    assert (PdfFlaw.TAIL_UNSIGNED, f"bytes 0-{len(pdf)}") in found


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7 nonsense", b"\0" * 2000])
def test_bytes_that_are_no_pdf_are_named(signing_world: SigningWorld, whole: Expectation, pdf: bytes) -> None:
    assert _flaws(pdf, whole, signing_world) == {(PdfFlaw.UNREADABLE, f"bytes 0-{len(pdf)}")}


def test_no_changed_byte_goes_unnoticed(signing_world: SigningWorld, certified: bytes) -> None:
    signers = signing_world.members[:1]
    pdf = signing_world.signed(certified, *signers)
    expectation = _expect(signing_world, signers, is_closed=False)
    (facts,) = (each for each in signatures_in(pdf) if each.covers_whole)
    _, start, end, _ = facts.byte_range

    unnoticed = [
        place
        for place in [
            *range(7, start, 1997),
            *range(start, start + 2),
            *range(end - 3, end),
            *range(end, len(pdf), 197),
        ]
        if not check_signed_pdf(_flip(pdf, place), expectation, signing_world.now)
    ]

    assert unnoticed == []


def test_other_spelling_of_a_signature_is_refused(
    signing_world: SigningWorld, report: bytes, whole: Expectation
) -> None:
    start = signatures_in(report)[-1].byte_range[1]
    end = signatures_in(report)[-1].byte_range[2]
    pdf = report[:start] + report[start:end].lower() + report[end:]

    assert _flaws(pdf, whole, signing_world) == {(PdfFlaw.SIGNATURE_BAD, "Archive")}


def _flip(pdf: bytes, place: int) -> bytes:
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]
