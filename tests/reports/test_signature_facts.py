from cryptography.hazmat.primitives.serialization import Encoding

from server.reports.pdf_revisions import byte_range_digest
from server.reports.signature_facts import PreparedPlace, prepared_places, signatures_in
from tests.support.signed_pdf import SigningWorld, small_pdf


def test_signatures_come_in_the_order_of_signing(signing_world: SigningWorld, report: bytes) -> None:
    found = signatures_in(report)

    seal = signing_world.seal.certificate.public_bytes(Encoding.DER)
    members = [member.certificate for member in signing_world.members]
    assert [facts.field for facts in found] == ["Certify", "E1", "E2", "E3", "E4", "Seal", "Archive"]
    assert [facts.certificate for facts in found][:-1] == [seal, *members, seal]
    assert [facts.covers_whole for facts in found] == [False] * 6 + [True]
    assert [facts.is_document_timestamp for facts in found] == [False] * 6 + [True]
    assert [facts.reason for facts in found] == ["评标报告定稿", *["确认评标报告"] * 4, "评标结束，报告封存", ""]
    assert {facts.location for facts in found} == {"甲县公共资源交易中心", "乙县", ""}


def test_facts_are_those_of_the_revision(signing_world: SigningWorld, report: bytes) -> None:
    for facts in signatures_in(report):
        assert facts.message_digest == byte_range_digest(report, facts.byte_range)
        assert facts.stamped_at == signing_world.now // 1000 * 1000
        assert facts.claimed_at == (None if facts.is_document_timestamp else facts.stamped_at)


def test_each_revision_was_a_whole_document(report: bytes) -> None:
    sizes = [facts.revision_size for facts in signatures_in(report)]

    for place, size in enumerate(sizes, start=1):
        earlier = signatures_in(report[:size])
        assert len(earlier) == place
        assert earlier[-1].covers_whole


def test_unsigned_document_has_none() -> None:
    assert signatures_in(small_pdf()) == ()


def test_prepared_place_is_told_until_it_is_signed(signing_world: SigningWorld, certified: bytes) -> None:
    member = signing_world.members[0]
    prepared = signing_world.prepared(certified, member)

    place = PreparedPlace(field=member.field, reason="确认评标报告", byte_range=prepared.byte_range)
    assert prepared_places(certified + prepared.tail) == (place,)
    assert prepared_places(certified) == prepared_places(signing_world.signed(certified, member)) == ()
