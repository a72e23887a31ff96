"""Is the archive exactly the one that its contents make, and is there nothing in it that nobody vouches for?"""

import hashlib
from collections.abc import Collection, Mapping
from typing import Final

from server.evidence.package import CHECKPOINTS, LINES, README, SUMS, archive, digest_list, readme_text
from server.evidence.venue_certificates import CERTIFICATES
from server.evidence.verdict import Check, Finding, Outcome

EARLIER_READMES: Final[frozenset[str]] = frozenset()
"SHA-256, in hexadecimal, of the README texts that released versions wrote before this one."


def check_archive(data: bytes, contents: Mapping[str, bytes], named: Collection[str] = ()) -> tuple[Check, ...]:
    """Check the package as a file.

    Args:
        data: its bytes.
        contents: what `read_package` found in them.
        named: files that the record's lines vouch for.
    """
    return (
        Check(code="archive_exact", failure=Outcome.BROKEN, findings=_differences(data, archive(contents))),
        Check(code="digests", failure=Outcome.BROKEN, findings=_wrong_digests(contents)),
        Check(code="contents_known", failure=Outcome.UNREADABLE, findings=_unknown(contents, named)),
    )


def _differences(data: bytes, exact: bytes) -> tuple[Finding, ...]:
    if data == exact:
        return ()
    reason = "from this byte on it is not the archive that its contents make"
    return (Finding(reason=reason, where=f"package:{_first_difference(data, exact)}"),)


def _first_difference(one: bytes, other: bytes) -> int:
    """How many bytes two unequal texts begin with in common; by halves, since a loop over bytes would take minutes."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _wrong_digests(contents: Mapping[str, bytes]) -> tuple[Finding, ...]:
    if SUMS not in contents:
        return (Finding(reason="it is missing", where=SUMS),)
    listed = set(contents[SUMS].split(b"\n"))
    right = digest_list(contents)
    wrong = [line for line in right.split(b"\n") if line and line not in listed]
    if wrong:
        names = [line.decode().partition("  ")[2] for line in wrong]
        return tuple(Finding(reason=f"its digest is not the one in {SUMS}", where=name) for name in names)
    if contents[SUMS] != right:
        return (Finding(reason="it is not the list of the files and their digests", where=SUMS),)
    return ()


def _unknown(contents: Mapping[str, bytes], named: Collection[str]) -> tuple[Finding, ...]:
    """What no signature covers: it is known word by word, or it is no part of the record."""
    findings = [
        Finding(reason="no file of a package; nothing in the record vouches for it", where=name)
        for name in contents
        if name not in {README, LINES, SUMS, *named} and not name.startswith((CHECKPOINTS, CERTIFICATES))
    ]
    text = contents.get(README)
    if text is None:
        findings.append(Finding(reason="it is missing", where=README))
    elif text != readme_text() and hashlib.sha256(text).hexdigest() not in EARLIER_READMES:
        findings.append(Finding(reason="not the explanation that this program writes", where=README))
    return tuple(findings)
