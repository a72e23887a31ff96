"""What the papermaker keeps for each command; `test_signature_desk.py` signs with it."""

import asyncio

from server.auth.document_certificates import person_urn
from server.backend import now
from server.domain.commands import IssueReport, SealReport, SignAnnex, SignReport
from server.domain.ids import Digest
from server.domain.phases import Phase
from server.domain.plan import DocumentFile
from server.domain.state import Report
from server.reports.pdf_checks import check_signed_pdf
from server.reports.pdf_findings import Expectation
from server.reports.report_pdf import ATTACHED, read_attached
from server.reports.signature_facts import signatures_in
from server.reports.typesetting import renderer
from server.room_desk import export_room
from server.verify_desk import verify_package
from tests.support.desk import Desk, open_node
from tests.support.live_server import E1, E2, L1
from tests.support.pdf_pages import text_of


async def read(desk: Desk, file: DocumentFile | None) -> bytes:
    assert file is not None
    data = await desk.backend.files.get(desk.room_id, file.sha256)
    assert len(data) == file.size
    return data


async def report_of(desk: Desk) -> Report:
    report = (await desk.session()).room.lots[L1].report
    assert report is not None
    return report


async def test_issued_report_is_certified_and_begins_with_what_was_typeset(desk: Desk) -> None:
    await desk.play(lambda room: room.lots[L1].phase is Phase.SIGNING)

    issued = (await report_of(desk)).issued
    assert issued is not None
    pdf = await read(desk, issued.certified)
    assert issued.renderer == renderer()
    assert issued.typeset.size < issued.certified.size
    assert read_attached(pdf[: issued.typeset.size], ATTACHED) is not None
    assert [each.field for each in await asyncio.to_thread(signatures_in, pdf)] == ["Certify"]


async def test_sealed_report_holds_for_years_with_every_signature_in_it(desk: Desk) -> None:
    await desk.play()

    report, session = await report_of(desk), await desk.session()
    assert report.filed is not None
    opening = session.room.opening
    assert opening is not None
    pdf = await read(desk, report.filed.report)
    expectation = Expectation(
        anchors=tuple(venue.issuing_certificate for venue in opening.venues.values()),
        certificates={f"Sign{alias}": session.room.document_keys[alias].certificate for alias in report.members},
        unsigned=frozenset(),
        seal=None,
        is_closed=True,
    )
    assert await asyncio.to_thread(check_signed_pdf, pdf, expectation, now()) == ()
    assert (await read(desk, report.filed.signing_record)).startswith(b"%PDF-")


async def test_report_issued_again_begins_anew_and_the_old_one_is_kept(desk: Desk) -> None:
    await desk.play(lambda room: room.lots[L1].phase is Phase.SIGNING)
    await desk.certify(E2)
    old = await report_of(desk)
    assert old.latest is not None
    base = old.latest.sha256
    await desk.act(E2, SignReport(lot=L1, version=1, base=base, document=base, signature=bytes(64), dissent=""))

    await desk.act(E1, IssueReport(lot=L1, matters="核实项目经理在岗情况", clarifications=""))

    new = await report_of(desk)
    assert (new.version, new.ends) == (2, {})
    pdf = await read(desk, new.latest)
    assert [each.field for each in await asyncio.to_thread(signatures_in, pdf)] == ["Certify"]
    assert await read(desk, old.latest)


async def test_certificates_hold_from_the_line_on_that_names_them_however_long_the_work_takes(desk: Desk) -> None:
    """The clock that lines go by stands still while the machine's goes on."""
    began = now()
    async with open_node(desk.backend, clock=lambda: began) as rooms:
        slow = Desk(desk.backend, rooms, desk.room_id, {}, desk.signatures)
        await slow.play(lambda room: room.lots[L1].phase is Phase.SIGNING)
        await slow.certify(E1)
        package = await export_room(desk.backend, desk.room_id)

    verdict = await asyncio.to_thread(verify_package, package)

    found = {check.code for check in verdict.checks if not check.ok}
    assert found & {"seat_certificates", "report_commands", "report_signatures"} == set()
    assert found <= {"complete"}


async def test_no_line_names_a_file_that_could_not_be_kept(desk: Desk) -> None:
    await desk.play(lambda room: room.lots[L1].phase is Phase.SIGNING)
    while (due := await desk.next_command()) and not isinstance(due[1], SealReport):
        await desk.act(*due)
    size = await desk.size()
    room_folder = desk.backend.settings.data / "files" / desk.room_id
    room_folder.rename(room_folder.with_name("lost"))

    refused = await desk.refusal(E1, SealReport(lot=L1, version=1))

    assert refused == "file_missing"
    assert await desk.size() == size


async def test_annex_is_the_same_one_until_it_is_signed_and_another_one_for_another_report(alias_desk: Desk) -> None:
    desk = alias_desk
    await signed_by_one(desk)
    session = await desk.session()

    first = await desk.signatures.annex(session, E2, L1, 1)
    again = await desk.signatures.annex(session, E2, L1, 1)
    await desk.act(E1, IssueReport(lot=L1, matters="", clarifications=""))
    await desk.act(E2, signature_of(await report_of(desk)))
    anew = await desk.signatures.annex(await desk.session(), E2, L1, 2)

    assert first == again
    assert first != anew
    assert [each.field for each in await asyncio.to_thread(signatures_in, anew)] == ["Certify"]


async def test_sealed_annex_holds_for_years_and_names_the_person(alias_desk: Desk) -> None:
    desk = alias_desk
    await signed_by_one(desk)
    await desk.act(E2, ANNEX)

    session = await desk.session()
    opening, key = session.room.opening, session.room.document_keys[E2]
    assert opening is not None
    assert key.named is not None
    pdf = await read(desk, (await report_of(desk)).annex_files[E2])
    expectation = Expectation(
        anchors=tuple(venue.issuing_certificate for venue in opening.venues.values()),
        certificates={"SignE2": key.named},
        unsigned=frozenset(),
        seal=None,
        is_closed=True,
    )
    assert await asyncio.to_thread(check_signed_pdf, pdf, expectation, now()) == ()
    name = session.room.people[E2].name
    assert person_urn(name).encode() in key.named
    assert person_urn(name).encode() not in key.certificate
    assert person_urn(E2).encode() in key.certificate


async def test_report_and_signing_record_under_aliases_hold_no_name(alias_desk: Desk) -> None:
    await alias_desk.play()

    report, session = await report_of(alias_desk), await alias_desk.session()
    assert report.filed is not None
    assert set(report.annexes) == set(report.members)
    texts = [text_of(await read(alias_desk, file)) for file in (report.filed.report, report.filed.signing_record)]
    assert [person.name for person in session.room.people.values() if any(person.name in text for text in texts)] == []
    assert "已签署7页" in texts[1]


async def signed_by_one(desk: Desk) -> None:
    """The report is issued and signed by one member under the alias."""
    await desk.play(lambda room: room.lots[L1].phase is Phase.SIGNING)
    await desk.certify(E2)
    await desk.act(E2, signature_of(await report_of(desk)))


def signature_of(report: Report) -> SignReport:
    assert report.latest is not None
    base = report.latest.sha256
    return SignReport(lot=L1, version=report.version, base=base, document=base, signature=bytes(64), dissent="")


ANNEX = SignAnnex(lot=L1, version=1, base=Digest("0" * 64), document=Digest("0" * 64), signature=bytes(64))
"What it covers is filled in by whoever signs."
