import asyncio
from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from server.backend import now
from server.demo.report_signing import handwriting
from server.domain.commands import IssueReport, PauseRoom, SignAnnex, SignReport
from server.domain.errors import Rejection
from server.domain.ids import Alias, Digest, Millis
from server.domain.phases import Phase
from server.domain.rejections import DocumentKeyMissing, DocumentMoved, NothingToSign, RoleMayNot, WrongPhase
from server.domain.state import Report
from server.evidence.command_signatures import sign_document
from server.reports.pdf_revisions import byte_range_digest
from server.reports.pdf_signing import signed_digest
from server.reports.rejections import DocumentSignatureBad, HandwritingUnusable
from server.reports.signature_facts import signatures_in
from server.session.papers import Papermaker
from server.session.signature_desk import AnnexRequest, SignatureDesk, SignatureRequest
from server.session.signature_turns import SignatureTurns, SigningLapsed
from tests.support.desk import Desk
from tests.support.live_server import E1, E2, E3, H1, L1


async def report_of(desk: Desk) -> Report:
    report = (await desk.session()).room.lots[L1].report
    assert report is not None
    assert report.latest is not None
    return report


async def signing(desk: Desk) -> Report:
    """The desk's room with its report issued, and certificates for three members, who have not signed."""
    await desk.play(lambda room: room.lots[L1].phase is Phase.LOCKED)
    await desk.act(E1, IssueReport(lot=L1, matters="", clarifications=""))
    for alias in (E1, E2, E3):
        await desk.certify(alias)
    return await report_of(desk)


def request(report: Report, alias: Alias, dissent: str = "") -> SignatureRequest:
    assert report.latest is not None
    return SignatureRequest(
        version=report.version, base=report.latest.sha256, strokes=handwriting(alias), dissent=dissent
    )


def wish(report: Report, dissent: str = "") -> SignReport:
    assert report.latest is not None
    base = report.latest.sha256
    return SignReport(lot=L1, version=report.version, base=base, document=base, signature=bytes(64), dissent=dissent)


async def test_prepared_revision_is_the_report_with_a_place_for_one_signature(desk: Desk) -> None:
    report = await signing(desk)
    assert report.latest is not None

    prepared = await desk.signatures.prepare(await desk.session(), E2, L1, request(report, E2))

    base = await desk.backend.files.get(desk.room_id, report.latest.sha256)
    assert signed_digest(prepared.attributes) == byte_range_digest(base + prepared.tail, prepared.byte_range)
    assert b"(SignE2)" in prepared.tail


async def test_signatures_follow_one_another_in_one_file(desk: Desk) -> None:
    report = await signing(desk)
    for alias, dissent in ((E2, ""), (E3, "报价分析依据不足"), (E1, "")):
        await desk.act(alias, wish(await report_of(desk), dissent))

    latest = (await report_of(desk)).latest
    assert latest is not None
    pdf = await desk.backend.files.get(desk.room_id, latest.sha256)
    signatures = await asyncio.to_thread(signatures_in, pdf)
    assert [each.field for each in signatures] == ["Certify", "SignE2", "SignE3", "SignE1"]
    assert [each.reason for each in signatures][1:3] == ["确认评标报告", "确认评标报告，保留不同意见：报价分析依据不足"]
    assert report.issued is not None
    assert pdf.startswith(await desk.backend.files.get(desk.room_id, report.issued.certified.sha256))


async def test_two_who_press_at_once_both_sign_and_none_is_lost(desk: Desk) -> None:
    await signing(desk)

    async def sign(alias: Alias) -> None:
        while True:
            try:
                await desk.act(alias, wish(await report_of(desk)))
            except (DocumentMoved, SigningLapsed):
                continue
            return

    await asyncio.gather(sign(E1), sign(E2), sign(E3))

    latest = (await report_of(desk)).latest
    assert latest is not None
    pdf = await desk.backend.files.get(desk.room_id, latest.sha256)
    signatures = await asyncio.to_thread(signatures_in, pdf)
    assert {each.field for each in signatures} == {"Certify", "SignE1", "SignE2", "SignE3"}


async def test_signature_of_another_key_is_refused_and_the_report_stays_as_it_was(desk: Desk) -> None:
    report = await signing(desk)
    prepared = await desk.signatures.prepare(await desk.session(), E2, L1, request(report, E2))
    forged = replace(
        wish(report),
        document=Digest(signed_digest(prepared.attributes).hex()),
        signature=sign_document(desk.document_keys[E3].private, prepared.attributes),
    )
    size = await desk.size()

    with pytest.raises(DocumentSignatureBad):
        await desk.submit(E2, await desk.sign(E2, forged))

    assert await desk.size() == size
    await desk.act(E2, wish(report))


async def test_signature_without_a_prepared_revision_has_lapsed(desk: Desk) -> None:
    report = await signing(desk)

    with pytest.raises(SigningLapsed):
        await desk.submit(E2, await desk.sign(E2, wish(report)))


@pytest.mark.parametrize(
    ("alias", "change", "refusal"),
    [
        (E2, {"base": "0" * 64}, DocumentMoved),
        (H1, {}, RoleMayNot),
        (E2, {"strokes": ()}, HandwritingUnusable),
    ],
)
async def test_desk_refuses_what_the_rules_would(
    desk: Desk, alias: Alias, change: dict[str, Sequence[object]], refusal: type[Rejection]
) -> None:
    report = await signing(desk)

    with pytest.raises(refusal):
        await desk.signatures.prepare(await desk.session(), alias, L1, replace(request(report, alias), **change))

    await desk.act(E2, wish(report))
    with pytest.raises(NothingToSign):
        await desk.signatures.prepare(await desk.session(), E2, L1, request(await report_of(desk), E2))


async def test_certificate_that_has_expired_has_to_be_renewed(desk: Desk) -> None:
    report = await signing(desk)
    turns = SignatureTurns()
    papers = Papermaker(desk.backend.files, desk.backend.paper_keys, turns)
    tomorrow = SignatureDesk(papers, turns, lambda: Millis(now() + 24 * 3_600_000))

    with pytest.raises(DocumentKeyMissing):
        await tomorrow.prepare(await desk.session(), E2, L1, request(report, E2))


async def test_nothing_is_prepared_in_a_pause(desk: Desk) -> None:
    report = await signing(desk)
    await desk.act(H1, PauseRoom(reason="停电"))

    with pytest.raises(WrongPhase):
        await desk.signatures.prepare(await desk.session(), E2, L1, request(report, E2))


async def test_only_who_has_signed_under_an_alias_is_shown_an_annex(desk: Desk, alias_desk: Desk) -> None:
    for each in (desk, alias_desk):
        await signing(each)
        with pytest.raises(NothingToSign):
            await each.signatures.annex(await each.session(), E2, L1, 1)
        await each.act(E2, wish(await report_of(each)))

    with pytest.raises(NothingToSign):
        await desk.signatures.annex(await desk.session(), E2, L1, 1)
    with pytest.raises(RoleMayNot):
        await alias_desk.signatures.annex(await alias_desk.session(), H1, L1, 1)
    assert (await alias_desk.signatures.annex(await alias_desk.session(), E2, L1, 1)).startswith(b"%PDF-")


async def test_annex_is_signed_as_it_was_shown(alias_desk: Desk) -> None:
    desk = alias_desk
    report = await signing(desk)
    await desk.act(E2, wish(report))
    session = await desk.session()
    await desk.signatures.annex(session, E2, L1, 1)
    assert report.latest is not None
    request = AnnexRequest(version=1, base=report.latest.sha256, strokes=handwriting(E2))

    with pytest.raises(SigningLapsed):
        await desk.signatures.prepare_annex(session, E2, L1, request)
    with pytest.raises(SigningLapsed):
        await desk.submit(E2, await desk.sign(E2, ANNEX))

    await desk.act(E2, ANNEX)
    assert (await report_of(desk)).annexes == (E2,)


async def test_member_whose_certificate_has_expired_signs_no_annex(alias_desk: Desk) -> None:
    await signing(alias_desk)
    await alias_desk.act(E2, wish(await report_of(alias_desk)))
    backend, turns = alias_desk.backend, SignatureTurns()
    papers = Papermaker(backend.files, backend.paper_keys, turns)
    late = SignatureDesk(papers, turns, lambda: Millis(now() + 13 * 3_600_000))

    with pytest.raises(DocumentKeyMissing):
        await late.annex(await alias_desk.session(), E2, L1, 1)


ANNEX = SignAnnex(lot=L1, version=1, base=Digest("0" * 64), document=Digest("0" * 64), signature=bytes(64))
