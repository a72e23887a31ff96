import ssl
from base64 import b64decode

from msgspec.structs import replace

from server.domain.ids import VenueId
from server.evidence.package import read_package, with_digests, write_package
from server.evidence.venue_certificates import certificate_files, check_certificates
from server.reports.report_inputs import opened
from tests.evidence.signed_room import found_by, short_sitting
from tests.support.room_plan import JIA

CONTENTS = read_package(short_sitting().package())
NAMES = ["certificates/jia.pem", "certificates/yi.pem", "certificates/bing.pem"]


OPENING = opened(short_sitting().world.room)


def test_package_holds_the_certificates_of_the_first_line() -> None:
    files = certificate_files(OPENING)

    assert sorted(files) == sorted(NAMES)
    assert {name: CONTENTS[name] for name in NAMES} == files
    for name, venue in OPENING.venues.items():
        pem = files[f"certificates/{name}.pem"].decode()
        assert pem == ssl.DER_cert_to_PEM_cert(venue.issuing_certificate)
        assert b64decode("".join(pem.splitlines()[1:-1])) == venue.issuing_certificate


def test_name_of_a_venue_stays_within_the_folder() -> None:
    other = replace(OPENING, venues={VenueId("../甲"): OPENING.venues[JIA]})

    assert list(certificate_files(other)) == ["certificates/..%2F%E7%94%B2.pem"]


def test_certificates_that_are_as_they_should_be_are_not_told() -> None:
    assert check_certificates(CONTENTS, OPENING).ok


def test_every_difference_is_told() -> None:
    first, second, third = NAMES
    contents = {**CONTENTS, second: CONTENTS[second] + b"\n", "certificates/ding.pem": CONTENTS[third]}
    del contents[first]

    check = check_certificates(contents, OPENING)

    assert found_by([check]) == {
        "venue_certificates": [
            (first, "missing"),
            (second, "not the one in the first line"),
            ("certificates/ding.pem", "the first line names no such venue"),
        ]
    }


def test_package_of_lines_that_open_no_room_has_none() -> None:
    contents = read_package(write_package([b'{"seq":0}'], {}))

    assert [name for name in contents if name.startswith("certificates/")] == []
    assert with_digests(contents) == write_package([b'{"seq":0}'], {})
