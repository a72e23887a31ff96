from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from server.evidence.venue_certificates import certificate_files, check_certificates
from server.reports.report_inputs import opened
from tests.evidence.reported_room import plainly_reported

OPENING = opened(plainly_reported().world.room)
FILES = certificate_files(OPENING)


def test_certificates_are_those_of_the_first_line_as_openssl_writes_them() -> None:
    assert set(FILES) == {f"certificates/{venue}.pem" for venue in OPENING.venues}
    for name, venue in OPENING.venues.items():
        pem = FILES[f"certificates/{name}.pem"]
        certificate = x509.load_pem_x509_certificate(pem)
        assert certificate.public_bytes(Encoding.DER) == venue.issuing_certificate
        assert certificate.public_bytes(Encoding.PEM) == pem


def test_package_holds_exactly_them() -> None:
    first, second, *_ = FILES

    assert check_certificates(FILES, OPENING).ok
    changed = {**FILES, first: FILES[second], "certificates/elsewhere.pem": b""}
    del changed[second]
    assert [(each.where, each.reason) for each in check_certificates(changed, OPENING).findings] == [
        (first, "not the one in the first line"),
        (second, "missing"),
        ("certificates/elsewhere.pem", "the first line names no such venue"),
    ]
