"""The venues' issuing certificates as files of the package: for `pdfsig` and `openssl`, which do not read lines.

They say nothing that the first line does not say, so a package holds exactly them.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import Final
from urllib.parse import quote

from server.domain.events import RoomOpened
from server.evidence.verdict import Check, Finding, Outcome

CERTIFICATES: Final = "certificates/"

_COLUMNS: Final = 64
"Of base64 in a line. Source: RFC 7468, 2."


def certificate_files(opening: RoomOpened) -> dict[str, bytes]:
    """The certificate of every venue in PEM, by its name in the package."""
    return {
        f"{CERTIFICATES}{quote(name, safe='')}.pem": _pem(venue.issuing_certificate)
        for name, venue in opening.venues.items()
    }


def check_certificates(contents: Mapping[str, bytes], opening: RoomOpened) -> Check:
    """Check that the package holds the certificates of the first line, and no others."""
    return Check(code="venue_certificates", failure=Outcome.BROKEN, findings=tuple(_findings(contents, opening)))


def _findings(contents: Mapping[str, bytes], opening: RoomOpened) -> Iterator[Finding]:
    wanted = certificate_files(opening)
    for name, pem in wanted.items():
        if contents.get(name) != pem:
            reason = "missing" if name not in contents else "not the one in the first line"
            yield Finding(reason=reason, where=name)
    for name in contents:
        if name.startswith(CERTIFICATES) and name not in wanted:
            yield Finding(reason="the first line names no such venue", where=name)


def _pem(der: bytes) -> bytes:
    lines = wrap(b64encode(der).decode(), _COLUMNS)
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""]).encode()
