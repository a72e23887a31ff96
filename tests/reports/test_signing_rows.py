import pytest

from server.domain.phases import Phase
from server.evidence.sealing import open_command
from server.reports.report_story import stories_of
from server.reports.signing_rows import signing_record_of
from tests.evidence.reported_room import DISSENT, OTHER_DISSENT, fully_reported
from tests.support.room_plan import L1
from tests.support.room_scenes import at
from tests.support.sample_commands import NOBODYS_KEY, SAMPLES

WORLD = fully_reported().world
_, STORY = stories_of(WORLD.raw, WORLD.lines)


def test_every_end_stands_in_the_signing_record_with_its_words() -> None:
    assert STORY.filing is not None
    record = STORY.filing.signing_record

    told = {entry.label.split()[0]: (entry.outcome, "\n".join(entry.paragraphs)) for entry in record.entries}
    assert told == {
        "E1": ("已签名", ""),
        "E2": ("已签名", ""),
        "E3": ("已签名并保留不同意见", DISSENT),
        "E4": ("拒绝签名并书面陈述不同意见", OTHER_DISSENT),
        "R1": ("拒绝签名且不陈述理由，视为同意", "拒签说明·R1·"),
    }
    assert f"SHA-256 {STORY.filing.filed.report.sha256}" in [fact.value for fact in record.facts]


def test_lot_without_a_report_has_no_signing_record() -> None:
    world = at(Phase.LOCKED)
    moment = world.moment(open_command(world.sign("E1", SAMPLES["seal_report"]), world.room))

    with pytest.raises(TypeError):
        signing_record_of(world.room, L1, moment, NOBODYS_KEY)
