"""Whether the signatures in a report are those that the record tells of, one by one.

That each holds as a signature is asked elsewhere (`pdf_checks.py`). Here: is it at its place in the file, is it the one
that the member sent in a signed command, does it say what the member said, and was it made when the record says.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from server.domain.commands import SignReport
from server.domain.events import RoomOpened
from server.domain.ids import Millis
from server.domain.lines import Line
from server.evidence.check_lines import place
from server.evidence.verdict import Finding
from server.reports.pdf_signing import ARCHIVE_FIELD, CERTIFY_FIELD, SEAL_FIELD
from server.reports.report_inputs import main_venue
from server.reports.report_story import ReportStory
from server.reports.signature_facts import SignatureFacts
from server.reports.signature_words import ISSUED, SEALED, member_reason

JudgeSeal = Callable[[bytes, RoomOpened, Millis], Sequence[str]]
"Every reason why a certificate is not that of the main venue's seal at that time; none if it is."

CLOCK_TOLERANCE_MS: Final = 5 * 60_000
"Between the record's clock and that of a time-stamp service, and for a page to be signed."


def mismatches(story: ReportStory, found: Sequence[SignatureFacts], judge_seal: JudgeSeal) -> Iterator[Finding]:
    """Where the signatures of a report, in the order of its revisions, are not those of its story."""
    yield from _other_order(story, found)
    by_field = {facts.field: facts for facts in found}
    for signature in story.signatures:
        facts = by_field.get(signature.field)
        where = f"{story.name} {signature.field}"
        if facts is None:
            continue  # told by whoever counts the signatures
        if not _is_as_sent(facts, signature.command):
            yield Finding(reason=f"not the signature that {place(signature.line.seq)} was caused by", where=where)
        yield from _other_words(facts, member_reason(signature.command.dissent), signature.place, where)
        yield from _other_time(facts, signature.line, where)
    yield from _seal_mismatches(story, by_field, judge_seal)
    if ARCHIVE_FIELD in by_field and story.filing:
        yield from _other_time(by_field[ARCHIVE_FIELD], story.filing.line, f"{story.name} {ARCHIVE_FIELD}")


def _other_order(story: ReportStory, found: Sequence[SignatureFacts]) -> Iterator[Finding]:
    """Each line that names the report names it as it was after one more signature."""
    told = [(CERTIFY_FIELD, story.issued.certified.size)]
    told += [(signature.field, signature.file.size) for signature in story.signatures]
    sizes = dict(told)
    if story.filing:
        sizes[ARCHIVE_FIELD] = story.filing.filed.report.size
    order = [name for name, _ in told] + ([SEAL_FIELD, ARCHIVE_FIELD] if story.filing else [])
    there = [facts.field for facts in found]
    if there != [name for name in order if name in there]:
        yield Finding(reason=f"signed in another order than the record's: {', '.join(there)}", where=story.name)
    for facts in found:
        if (size := sizes.get(facts.field, facts.revision_size)) != facts.revision_size:
            reason = f"signed as {facts.revision_size} bytes; the record names it with {size}"
            yield Finding(reason=reason, where=f"{story.name} {facts.field}")


def _is_as_sent(facts: SignatureFacts, command: SignReport) -> bool:
    r, s = (int.from_bytes(half) for half in (command.signature[:32], command.signature[32:]))
    return facts.signature == encode_dss_signature(r, s) and facts.message_digest.hex() == command.document


def _other_words(facts: SignatureFacts, reason: str, location: str, where: str) -> Iterator[Finding]:
    if facts.reason != reason:
        yield Finding(reason=f"its reason is {facts.reason!r}, not {reason!r}", where=where)
    if facts.location != location:
        yield Finding(reason=f"its place is {facts.location!r}, not {location!r}", where=where)


def _other_time(facts: SignatureFacts, line: Line, where: str) -> Iterator[Finding]:
    for name, at in {"time stamp": facts.stamped_at, "claimed time": facts.claimed_at}.items():
        if at is not None and abs(at - line.head.at) > CLOCK_TOLERANCE_MS:
            reason = f"its {name} and {place(line.seq)} lie {abs(at - line.head.at) // 1000} s apart"
            yield Finding(reason=reason, where=where)


def _seal_mismatches(
    story: ReportStory, by_field: Mapping[str, SignatureFacts], judge_seal: JudgeSeal
) -> Iterator[Finding]:
    """Certification and seal are the main venue's."""
    name = story.opening.venues[main_venue(story.opening)].name
    ends = [(CERTIFY_FIELD, story.line, ISSUED)]
    ends += [(SEAL_FIELD, story.filing.line, SEALED)] if story.filing else []
    for field, line, words in ends:
        facts, where = by_field.get(field), f"{story.name} {field}"
        if facts is None:
            continue
        yield from _other_words(facts, words, name, where)
        yield from _other_time(facts, line, where)
        for flaw in judge_seal(facts.certificate, story.opening, facts.stamped_at or line.head.at):
            yield Finding(reason=f"not sealed by the main venue: {flaw}", where=where)
