"""A venue's time-stamp service: ECDSA tokens by the server's clock, for signatures made here.

Source: RFC 3161, 2.4; RFC 5816 (the certificate's SHA-256 is signed).
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import ClassVar, Protocol

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.sign.general import as_signing_certificate_v2, simple_cms_attribute
from pyhanko.sign.timestamps import TimeStamper

from server.domain.ids import Millis

POLICY = "2.25.289784951744977743403904546948254413494"
"Ours: tokens of an evaluation venue by its server's clock. Source: ITU-T X.667 (an arc that needs no registration)."
ACCURACY_S = 1
"The clock's whole second is what a token says."
DIGEST_BYTES = {"sha256": 32, "sha384": 48, "sha512": 64}


class CertifiedKey(Protocol):
    """A P-256 key, its certificate, and the self-signed certificate of who issued it."""

    @property
    def key(self) -> ec.EllipticCurvePrivateKey:
        """What signs."""
        ...

    @property
    def certificate(self) -> x509.Certificate:
        """Who signs."""
        ...

    @property
    def issuer(self) -> x509.Certificate:
        """The trust anchor right above."""
        ...


class EmbeddedTimestamps(TimeStamper):
    """The service itself; it keeps no record of what it stamped."""

    def __init__(self, keys: CertifiedKey, clock: Callable[[], Millis]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # pyHanko's has no types
        self._key = keys.key
        self._certificate = to_asn1(keys.certificate)
        self._clock = clock

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> core.Sequence:
        """The answer to a request: a token, or a refusal that says why; never an exception."""
        imprint = req["message_imprint"]
        if DIGEST_BYTES.get(imprint["hash_algorithm"]["algorithm"].native) != len(imprint["hashed_message"].native):
            return _refusal("bad_alg")
        if req["req_policy"].native not in (None, POLICY):
            return _refusal("unaccepted_policy")
        if req["extensions"].native:
            return _refusal("unaccepted_extensions")
        return tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": self._token(req)})

    def _token(self, request: tsp.TimeStampReq) -> cms.ContentInfo:
        content = self._info(request).dump()
        attributes = cms.CMSAttributes(
            [
                simple_cms_attribute("content_type", "tst_info"),
                simple_cms_attribute("message_digest", hashlib.sha256(content).digest()),
                simple_cms_attribute("signing_certificate_v2", as_signing_certificate_v2(self._certificate)),
            ]
        )
        issuer = {"issuer": self._certificate.issuer, "serial_number": self._certificate.serial_number}
        sha256 = algos.DigestAlgorithm({"algorithm": "sha256"})
        signer = {
            "version": "v1",
            "sid": cms.SignerIdentifier({"issuer_and_serial_number": issuer}),
            "digest_algorithm": sha256,
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signed_attrs": attributes,
            "signature": self._key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())),
        }
        signed = {
            "version": "v3",
            "digest_algorithms": [sha256],
            "encap_content_info": {"content_type": "tst_info", "content": cms.ParsableOctetString(content)},
            "signer_infos": [signer],
        }
        if request["cert_req"].native:
            signed["certificates"] = [self._certificate]
        return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})

    def _info(self, request: tsp.TimeStampReq) -> tsp.TSTInfo:
        info = {
            "version": "v1",
            "policy": POLICY,
            "message_imprint": request["message_imprint"],
            "serial_number": secrets.randbits(63),
            "gen_time": datetime.fromtimestamp(self._clock() // 1000, UTC),
            "accuracy": {"seconds": ACCURACY_S},
            "tsa": asn1_x509.GeneralName("directory_name", self._certificate.subject),
        }
        if request["nonce"].native is not None:
            info["nonce"] = request["nonce"]
        return tsp.TSTInfo(info)


def to_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """A certificate of `cryptography` as pyHanko wants it."""
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


class _Refusal(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
    """An answer without a token, which asn1crypto 1.5's own class demands though it is optional."""

    _fields: ClassVar = [("status", tsp.PKIStatusInfo)]


def _refusal(reason: str) -> _Refusal:
    return _Refusal({"status": {"status": "rejection", "fail_info": {reason}}})
