from server.reports.pdf_findings import Expectation, PdfFlaw


def _expect(*, is_closed: bool) -> Expectation:
    return Expectation(
        anchors=(b"anchor",),
        certificates={"E1": b"one"},
        unsigned=frozenset({"E2"}),
        seal=b"seal",
        is_closed=is_closed,
    )


def test_open_report_awaits_its_seal() -> None:
    expectation = _expect(is_closed=False)

    assert expectation.signers == {"Certify": b"seal", "E1": b"one"}
    assert expectation.empty == {"E2", "Seal"}


def test_closed_report_is_sealed_and_stamped_and_some_fields_stay_empty() -> None:
    expectation = _expect(is_closed=True)

    assert expectation.signers == {"Certify": b"seal", "E1": b"one", "Seal": b"seal", "Archive": None}
    assert expectation.empty == {"E2"}


def test_only_what_is_missing_is_a_gap() -> None:
    assert {flaw for flaw in PdfFlaw if flaw.is_gap} == {
        PdfFlaw.SIGNATURE_MISSING,
        PdfFlaw.TIMESTAMP_MISSING,
        PdfFlaw.REVOCATION_MISSING,
        PdfFlaw.STAMP_ENDED,
    }
