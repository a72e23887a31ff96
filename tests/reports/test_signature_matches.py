from collections.abc import Sequence

from msgspec.structs import replace

from server.domain.events import RoomOpened
from server.domain.ids import Millis
from server.evidence.check_lines import place
from server.reports.report_story import ReportStory, stories_of
from server.reports.signature_facts import SignatureFacts, signatures_in
from server.reports.signature_matches import CLOCK_TOLERANCE_MS, mismatches
from tests.evidence.reported_room import fully_reported

ROOM = fully_reported()
_, STORY = stories_of(ROOM.world.raw, ROOM.world.lines)
FOUND = signatures_in(ROOM.files()[STORY.name])
"Certify, E3, E1, E2, Seal, Archive."


def no_flaw(certificate: bytes, opening: RoomOpened, at: Millis) -> Sequence[str]:
    return ()


def told(found: Sequence[SignatureFacts], story: ReportStory = STORY) -> list[str]:
    return [f"{each.where.split()[-1]}: {each.reason}" for each in mismatches(story, found, no_flaw)]


def changed(field: str, **facts: object) -> list[SignatureFacts]:
    return [replace(each, **facts) if each.field == field else each for each in FOUND]


def test_signatures_are_those_of_the_record() -> None:
    assert told(FOUND) == []


def test_signature_must_be_the_one_that_the_member_sent() -> None:
    sent = place(STORY.signatures[1].line.seq)

    assert told(changed("SignE1", signature=FOUND[1].signature)) == [
        f"SignE1: not the signature that {sent} was caused by"
    ]
    assert told(changed("SignE1", message_digest=bytes(32))) == [f"SignE1: not the signature that {sent} was caused by"]


def test_signature_must_say_what_the_member_said_and_where() -> None:
    [words] = told(changed("SignE3", reason="确认评标报告"))
    [where] = told(changed("SignE3", location="别处"))

    assert words.startswith("SignE3: its reason is '确认评标报告', not")
    assert where.startswith("SignE3: its place is '别处', not")


def test_signature_must_be_made_when_the_record_says() -> None:
    line = STORY.signatures[1].line
    late = Millis(line.head.at + CLOCK_TOLERANCE_MS + 1_000)

    assert told(changed("SignE1", stamped_at=late)) == [f"SignE1: its time stamp and {place(line.seq)} lie 301 s apart"]


def test_signatures_must_stand_in_the_order_of_the_record() -> None:
    assert told([FOUND[0], FOUND[2], FOUND[1], *FOUND[3:]]) != []


def test_seal_must_be_the_main_venues() -> None:
    found = list(mismatches(STORY, FOUND, lambda certificate, opening, at: ["other_venue"]))

    assert [each.where.split()[-1] for each in found] == ["Certify", "Seal"]
    assert {each.reason for each in found} == {"not sealed by the main venue: other_venue"}
