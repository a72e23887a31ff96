"""The signing itself, and what tools that are not ours say of the result."""

import re
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import cms, tsp  # tsp teaches cms what a time stamp holds
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation.ades import simulate_future_ades_lta_validation
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from server.domain.ids import Millis
from server.reports.pdf_revisions import byte_range_digest
from server.reports.pdf_signing import FieldBox, add_fields_and_certify, finish, prepare, signed_digest
from server.reports.rejections import DocumentSignatureBad, HandwritingUnusable
from server.reports.signature_facts import signatures_in
from tests.support.signed_pdf import MAIN_NAME, SigningWorld, make_world, scribble, small_pdf

assert tsp


def _run(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def _write_anchors(world: SigningWorld, folder: Path) -> Path:
    path = folder / "anchors.pem"
    path.write_bytes(b"".join(each.certificate.public_bytes(Encoding.PEM) for each in (world.main, world.sub)))
    return path


def test_prepared_revision_states_the_digest_of_what_it_covers(signing_world: SigningWorld, certified: bytes) -> None:
    prepared = signing_world.prepared(certified, signing_world.members[0])

    whole = certified + prepared.tail
    start, begin, end, length = prepared.byte_range
    assert (start, end + length) == (0, len(whole))
    assert begin > len(certified)
    assert set(whole[begin:end]) == set(b"<0>")
    assert signed_digest(prepared.attributes) == byte_range_digest(whole, prepared.byte_range)
    assert byte_range_digest(whole, prepared.byte_range) == sha256(whole[:begin] + whole[end:]).digest()


def test_finished_revision_continues_the_document_as_prepared(signing_world: SigningWorld, certified: bytes) -> None:
    member = signing_world.members[0]
    prepared = signing_world.prepared(certified, member)

    signed = finish(prepared, certified, member.sign(prepared.attributes), signing_world.stamper)

    whole = certified + prepared.tail
    _, start, end, _ = prepared.byte_range
    assert (signed[:start], signed[end:]) == (whole[:start], whole[end:])


@pytest.mark.parametrize(
    "spoil",
    [lambda raw: raw[:-1], lambda raw: bytes(64), lambda raw: raw[32:] + raw[:32]],
    ids=["short", "zeros", "swapped"],
)
def test_signature_that_does_not_fit_is_refused(
    signing_world: SigningWorld, certified: bytes, spoil: Callable[[bytes], bytes]
) -> None:
    member = signing_world.members[0]
    prepared = signing_world.prepared(certified, member)

    with pytest.raises(DocumentSignatureBad):
        finish(prepared, certified, spoil(member.sign(prepared.attributes)), signing_world.stamper)


def test_signature_over_other_attributes_is_refused(signing_world: SigningWorld, certified: bytes) -> None:
    member, other = signing_world.members[:2]
    prepared, others = (signing_world.prepared(certified, each) for each in (member, other))

    with pytest.raises(DocumentSignatureBad):
        finish(prepared, certified, member.sign(others.attributes), signing_world.stamper)
    with pytest.raises(DocumentSignatureBad):
        finish(prepared, certified, other.sign(prepared.attributes), signing_world.stamper)


def test_revision_is_not_put_on_another_document(signing_world: SigningWorld, certified: bytes) -> None:
    member, other = signing_world.members[:2]
    prepared = signing_world.prepared(certified, member)
    meanwhile = signing_world.signed(certified, other)

    with pytest.raises(ValueError, match="another document"):
        finish(prepared, meanwhile, member.sign(prepared.attributes), signing_world.stamper)


def test_handwriting_that_shows_nothing_is_refused(signing_world: SigningWorld, certified: bytes) -> None:
    member = signing_world.members[0]

    with pytest.raises(HandwritingUnusable):
        prepare(
            certified,
            field=member.field,
            certificate=member.certificate,
            issuer=member.issuer,
            strokes=(),
            reason="",
            location="",
            at=signing_world.now,
        )


def test_dissent_of_full_length_stands_in_the_signature(signing_world: SigningWorld, certified: bytes) -> None:
    member, dissent = signing_world.members[0], "不同意：" + "𬱖" * 396

    prepared = prepare(
        certified,
        field=member.field,
        certificate=member.certificate,
        issuer=member.issuer,
        strokes=scribble(member.name),
        reason=dissent,
        location="乙县",
        at=signing_world.now,
    )
    signed = finish(prepared, certified, member.sign(prepared.attributes), signing_world.stamper)

    assert signatures_in(signed)[-1].reason == dissent


def test_nothing_asks_the_machine_for_the_time() -> None:
    world = make_world(Millis(1_900_000_000_000))

    report = world.report()

    times = {(facts.claimed_at, facts.stamped_at) for facts in signatures_in(report)}
    assert times == {(world.now, world.now), (None, world.now)}
    assert set(re.findall(rb"/M \(([^)]*)\)", report)) == {rb"D\07220300317174640Z"}
    assert report.count(b"ModifyDate") == small_pdf().count(b"ModifyDate")


def test_signature_costs_about_twenty_kilobytes(signing_world: SigningWorld, certified: bytes) -> None:
    sizes = [len(signing_world.prepared(certified, member).tail) for member in signing_world.members]

    assert max(sizes) < 20_000


def test_box_is_filled_where_it_was_asked_for(signing_world: SigningWorld) -> None:
    box = FieldBox(field="E1", page=1, x=60.4, y=100.2, w=124, h=51)
    pdf = add_fields_and_certify(
        small_pdf(),
        [box],
        signing_world.seal,
        signing_world.stamper,
        reason="",
        location=MAIN_NAME,
        at=signing_world.now,
    )

    fields = (each.get_object() for each in PdfFileReader(BytesIO(pdf)).root["/AcroForm"]["/Fields"])
    boxes = {str(field["/T"]): [int(edge) for edge in field["/Rect"]] for field in fields}
    assert boxes == {"Certify": [0, 0, 0, 0], "E1": [60, 100, 184, 151], "Seal": [0, 0, 0, 0]}


def test_pdfsig_says_valid_and_trusted(signing_world: SigningWorld, report: bytes, tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(report)
    store = f"sql:{tmp_path / 'nss'}"
    (tmp_path / "nss").mkdir()
    _run("certutil", "-N", "-d", store, "--empty-password")
    for place, authority in enumerate((signing_world.main, signing_world.sub)):
        (tmp_path / f"{place}.pem").write_bytes(authority.certificate.public_bytes(Encoding.PEM))
        _run("certutil", "-A", "-d", store, "-n", f"venue {place}", "-t", "CT,C,C", "-i", tmp_path / f"{place}.pem")

    said = _run("pdfsig", "-nssdir", store, tmp_path / "report.pdf")

    assert re.findall(r"Field Name: (.*)", said) == ["Certify", "E1", "E2", "E3", "E4", "Seal", "Archive"]
    assert said.count("Signature is Valid.") == 6
    assert said.count("Certificate is Trusted.") == 6
    assert re.findall(r"Common Name: (.*)", said)[1:5] == [
        "赵(U+2CC56)",
        "王龘",
        "买买提吐尔逊·阿卜杜热合曼·伊敏尼亚孜",
        "阿依古丽·买买提",
    ]


def test_openssl_verifies_each_signature_and_its_time_stamp(
    signing_world: SigningWorld, report: bytes, tmp_path: Path
) -> None:
    anchors = _write_anchors(signing_world, tmp_path)
    container, content, token = (tmp_path / name for name in ("container", "content", "token"))

    said = []
    for facts in signatures_in(report):
        _, start, end, length = facts.byte_range
        der = cms.ContentInfo.load(bytes.fromhex(report[start + 1 : end - 1].decode())).dump()
        container.write_bytes(der)
        content.write_bytes(report[:start] + report[end : end + length])
        if facts.is_document_timestamp:
            said.append(_verify_stamp(anchors, container, content))
            continue
        said.append(_verify_signature(anchors, container, content))
        token.write_bytes(_stamp_in(der))
        content.write_bytes(facts.signature)
        said.append(_verify_stamp(anchors, token, content))

    assert said == ["CAdES Verification successful", "Verification: OK"] * 6 + ["Verification: OK"]


def _verify_signature(anchors: Path, container: Path, content: Path) -> str:
    options = ("-cades", "-binary", "-inform", "DER", "-purpose", "any", "-out", "/dev/null")
    said = _run("openssl", "cms", "-verify", *options, "-in", container, "-content", content, "-CAfile", anchors)
    return said.strip().splitlines()[-1]


def _verify_stamp(anchors: Path, token: Path, content: Path) -> str:
    said = _run("openssl", "ts", "-verify", "-data", content, "-in", token, "-token_in", "-CAfile", anchors)
    return next(line for line in said.splitlines() if line.startswith("Verification"))


def _stamp_in(der: bytes) -> bytes:
    (signer,) = cms.ContentInfo.load(der)["content"]["signer_infos"]
    (attribute,) = signer["unsigned_attrs"]
    return bytes(attribute["values"][0].dump())


@pytest.mark.parametrize("year", [2027, 2035])
async def test_pyhankos_own_engine_finds_the_archive_good_for_years(
    signing_world: SigningWorld, report: bytes, year: int
) -> None:
    anchors = SimpleTrustManager.build([asn1_x509.Certificate.load(der) for der in signing_world.anchors])
    policy = CertValidationPolicySpec(anchors, CertRevTrustPolicy(REQUIRE_REVINFO))
    offline = RevocationInfoGatheringSpec(RevinfoOnlineFetchingRule.LOCAL_ONLY)
    spec = PdfSignatureValidationSpec(
        SignatureValidationSpec(policy, ts_cert_validation_policy=policy, revinfo_gathering_policy=offline)
    )

    found = [
        (await simulate_future_ades_lta_validation(each, spec, datetime(year, 1, 1, tzinfo=UTC))).ades_subindic
        for each in PdfFileReader(BytesIO(report)).embedded_regular_signatures
    ]

    assert found == [AdESPassed.OK] * 6
