import asyncio
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import core, tsp
from cryptography.hazmat.primitives.serialization import Encoding

from server.reports.timestamps import POLICY, to_asn1
from tests.support.signed_pdf import SigningWorld

DATA = b"some bytes"


def _request(algorithm: str = "sha256", digest: bytes = sha256(DATA).digest(), **other: object) -> bytes:
    imprint = {"hash_algorithm": {"algorithm": algorithm}, "hashed_message": digest}
    return bytes(tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, **other}).dump())


def _answer(world: SigningWorld, request: bytes) -> bytes:
    asked = tsp.TimeStampReq.load(request, strict=True)
    return bytes(asyncio.run(world.stamper.async_request_tsa_response(asked)).dump())


def _openssl(*command: str | Path) -> str:
    done = subprocess.run(["openssl", "ts", *command], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def _signed(world: SigningWorld, request: bytes) -> Any:
    response = tsp.TimeStampResp.load(_answer(world, request))
    assert response["status"]["status"].native == "granted"
    return response["time_stamp_token"]["content"]


def _info(world: SigningWorld, request: bytes) -> Any:
    return _signed(world, request)["encap_content_info"]["content"].parsed


def test_token_says_what_was_asked_and_when(signing_world: SigningWorld) -> None:
    info = _info(signing_world, _request(nonce=2**80, req_policy=POLICY))

    assert info["message_imprint"]["hashed_message"].native == sha256(DATA).digest()
    assert (info["nonce"].native, info["policy"].native) == (2**80, POLICY)
    assert info["gen_time"].native.timestamp() == signing_world.now // 1000
    assert info["accuracy"]["seconds"].native == 1


def test_certificate_and_nonce_come_only_when_asked_for(signing_world: SigningWorld) -> None:
    assert len(_signed(signing_world, _request(cert_req=True))["certificates"]) == 1
    assert len(_signed(signing_world, _request())["certificates"]) == 0
    assert _info(signing_world, _request())["nonce"].native is None


def test_tokens_have_serials_of_their_own(signing_world: SigningWorld) -> None:
    serials = {_info(signing_world, _request())["serial_number"].native for _ in range(5)}

    assert len(serials) == 5


@pytest.mark.parametrize(
    ("request_der", "reason"),
    [
        (_request(req_policy="1.2.3"), "unaccepted_policy"),
        (_request(extensions=[{"extn_id": "1.2.3", "extn_value": b"x"}]), "unaccepted_extensions"),
        (_request("sha1", bytes(20)), "bad_alg"),
        (_request("sha256", bytes(20)), "bad_alg"),
    ],
    ids=["policy", "extension", "sha1", "short digest"],
)
def test_refusal_says_why(signing_world: SigningWorld, request_der: bytes, reason: str) -> None:
    (status,) = core.SequenceOf.load(_answer(signing_world, request_der), spec=tsp.PKIStatusInfo)

    assert status["status"].native == "rejection"
    assert status["fail_info"].native == {reason}


@pytest.mark.parametrize("digest", ["-sha256", "-sha384", "-sha512"])
def test_openssl_asks_and_verifies(signing_world: SigningWorld, tmp_path: Path, digest: str) -> None:
    data, query, reply, anchor = (tmp_path / name for name in ("data", "query", "reply", "anchor.pem"))
    data.write_bytes(DATA)
    anchor.write_bytes(signing_world.main.certificate.public_bytes(Encoding.PEM))
    _openssl("-query", "-data", data, digest, "-cert", "-out", query)
    reply.write_bytes(_answer(signing_world, query.read_bytes()))

    said = _openssl("-verify", "-queryfile", query, "-in", reply, "-CAfile", anchor)

    assert "Verification: OK" in said
    assert f"Policy OID: {POLICY}" in _openssl("-reply", "-in", reply, "-text")


def test_openssl_learns_that_a_digest_is_too_weak(signing_world: SigningWorld, tmp_path: Path) -> None:
    data, query, reply = (tmp_path / name for name in ("data", "query", "reply"))
    data.write_bytes(DATA)
    _openssl("-query", "-data", data, "-sha1", "-out", query)
    reply.write_bytes(_answer(signing_world, query.read_bytes()))

    said = _openssl("-reply", "-in", reply, "-text")

    assert "Status: Rejected." in said
    assert "unrecognized or unsupported algorithm identifier" in said


async def test_pyhanko_takes_the_tokens(signing_world: SigningWorld) -> None:
    token = await signing_world.stamper.async_timestamp(sha256(DATA).digest(), "sha256")

    assert token["content_type"].native == "signed_data"


def test_certificate_is_handed_over_unchanged(signing_world: SigningWorld) -> None:
    certificate = signing_world.main.certificate

    assert to_asn1(certificate).dump() == certificate.public_bytes(Encoding.DER)
