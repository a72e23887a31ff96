from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from server.domain.events import RoomOpened
from server.domain.ids import Digest, Millis
from server.evidence.check_lines import place
from server.reports.report_story import ReportStory, stories_of
from server.reports.signature_facts import SignatureFacts, signatures_in
from server.reports.signature_matches import CLOCK_TOLERANCE_MS, mismatches
from tests.evidence.reported_room import fully_reported

ROOM = fully_reported()
NAME = "reports/L2-v2-report.pdf"
FOUND = signatures_in(ROOM.files()[NAME])
SIGNED = ["Certify", "SignE3", "SignE1", "SignE2", "Seal", "Archive"]


@pytest.fixture(scope="module")
def story() -> ReportStory:
    _, second = stories_of(ROOM.world.raw, ROOM.world.lines)
    return second


def good(certificate: bytes, opening: RoomOpened, at: Millis) -> Sequence[str]:
    return ()


def told(story: ReportStory, found: Sequence[SignatureFacts]) -> list[tuple[str, str]]:
    return [(each.where.removeprefix(NAME).strip(), each.reason) for each in mismatches(story, found, good)]


def changed(field: str, **facts: object) -> list[SignatureFacts]:
    """What was found, with one signature changed."""
    return [replace(each, **facts) if each.field == field else each for each in FOUND]


def test_signatures_are_those_that_the_record_tells_of(story: ReportStory) -> None:
    assert [each.field for each in FOUND] == SIGNED
    assert told(story, FOUND) == []


def test_other_order_is_told(story: ReportStory) -> None:
    one, two, three, *rest = FOUND

    assert told(story, [one, three, two, *rest]) == [
        ("", "signed in another order than the record's: Certify, SignE1, SignE3, SignE2, Seal, Archive")
    ]


@pytest.mark.parametrize("field", ["Certify", "SignE1", "Archive"])
def test_other_revision_is_told(story: ReportStory, field: str) -> None:
    size = next(each.revision_size for each in FOUND if each.field == field)

    assert told(story, changed(field, revision_size=7)) == [
        (field, f"signed as 7 bytes; the record names it with {size}")
    ]


def test_signature_that_was_not_sent_is_told(story: ReportStory) -> None:
    line = next(each.line for each in story.signatures if each.field == "SignE1")
    reason = f"not the signature that {place(line.seq)} was caused by"

    assert told(story, changed("SignE1", signature=FOUND[1].signature)) == [("SignE1", reason)]
    assert told(story, changed("SignE1", message_digest=bytes(32))) == [("SignE1", reason)]


def test_document_that_was_not_sent_is_told(story: ReportStory) -> None:
    first, *others = story.signatures
    other = replace(first, command=replace(first.command, document=Digest("00" * 32)))

    [(where, reason)] = told(replace(story, signatures=(other, *others)), FOUND)

    assert (where, reason) == ("SignE3", f"not the signature that {place(first.line.seq)} was caused by")


@pytest.mark.parametrize("field", ["Certify", "SignE3", "Seal"])
def test_other_words_are_told(story: ReportStory, field: str) -> None:
    reason, location = next((each.reason, each.location) for each in FOUND if each.field == field)

    assert told(story, changed(field, reason="同意", location="丁县")) == [
        (field, f"its reason is '同意', not {reason!r}"),
        (field, f"its place is '丁县', not {location!r}"),
    ]


@pytest.mark.parametrize("field", ["Certify", "SignE2", "Seal", "Archive"])
@pytest.mark.parametrize("way", [-1, 1])
def test_other_time_is_told(story: ReportStory, field: str, way: int) -> None:
    facts = next(each for each in FOUND if each.field == field)
    assert facts.stamped_at is not None
    near, far = (facts.stamped_at + way * (CLOCK_TOLERANCE_MS + late) for late in (-5000, 5000))

    assert told(story, changed(field, stamped_at=near)) == []
    [(where, reason)] = told(story, changed(field, stamped_at=far))
    assert where == field
    assert reason.startswith("its time stamp and lines.jsonl:")
    assert reason.endswith("s apart")


def test_claimed_time_is_held_to_the_record_too(story: ReportStory) -> None:
    [(where, reason)] = told(story, changed("SignE1", claimed_at=Millis(0)))

    assert (where, reason.split(" and ")[0]) == ("SignE1", "its claimed time")


def test_missing_signature_is_for_others_to_tell(story: ReportStory) -> None:
    for field in SIGNED:
        assert told(story, [each for each in FOUND if each.field != field]) == []


def test_seal_is_judged_by_the_main_venue_at_the_time_of_its_time_stamp(story: ReportStory) -> None:
    asked: list[tuple[bytes, Millis | None]] = []

    def bad(certificate: bytes, opening: RoomOpened, at: Millis) -> Sequence[str]:
        asked.append((certificate, at))
        return ["other_venue"]

    found = list(mismatches(story, FOUND, bad))

    assert [(each.where, each.reason) for each in found] == [
        (f"{NAME} {field}", "not sealed by the main venue: other_venue") for field in ("Certify", "Seal")
    ]
    certificate = FOUND[0].certificate
    assert asked == [(certificate, FOUND[0].stamped_at), (certificate, FOUND[-2].stamped_at)]
