from pathlib import Path

import pytest
from msgspec.structs import replace

from server.evidence.check_lines import place
from server.evidence.verdict import Finding
from server.reports import report_pages
from server.reports.fonts import FontsMissing
from server.reports.report_pages import (
    other_data,
    own_renderer,
    prepared_otherwise,
    set_by_this_renderer,
    set_otherwise,
)
from server.reports.report_story import Filing, ReportStory, stories_of
from server.reports.typesetting import renderer
from tests.evidence.reported_room import plainly_reported
from tests.support.signed_pdf import small_pdf

ROOM = plainly_reported()
FILES = ROOM.files()
REPORT, RECORD = FILES


@pytest.fixture(scope="module")
def story() -> ReportStory:
    [story] = stories_of(ROOM.world.raw, ROOM.world.lines)
    return story


@pytest.fixture(scope="module")
def filing(story: ReportStory) -> Filing:
    assert story.filing is not None
    return story.filing


def test_files_say_what_the_record_says(story: ReportStory) -> None:
    for look in (other_data, prepared_otherwise, set_otherwise):
        assert list(look(story, FILES)) == []


def test_other_data_are_told_with_the_line_they_should_come_from(story: ReportStory, filing: Filing) -> None:
    told = replace(story, document=replace(story.document, project="另一项目"))
    again = replace(filing, signing_record=replace(filing.signing_record, project="另一项目"))

    assert list(other_data(told, FILES)) == [
        Finding(reason=f"its data are not what the lines before {place(story.line.seq)} come to", where=REPORT)
    ]
    assert list(other_data(replace(story, filing=again), FILES)) == [
        Finding(reason=f"its data are not what the lines before {place(filing.line.seq)} come to", where=RECORD)
    ]


def test_file_without_data_has_other_data(story: ReportStory) -> None:
    found = list(other_data(story, {REPORT: small_pdf(), RECORD: b""}))

    assert [finding.where for finding in found] == [REPORT, RECORD]


def test_other_pages_are_told_where_this_renderer_set_them(story: ReportStory) -> None:
    first, *others = story.document.signatures
    moved = replace(story.document, declaration=(), signatures=(*others, first))
    fields = [each.field for each in story.document.signatures]

    found = list(set_otherwise(replace(story, document=moved), FILES))

    assert found[0] == Finding(reason="its pages are not what its data come to", where=REPORT)
    assert {finding.where for finding in found[1:]} <= {f"{REPORT} {field}" for field in fields}


def test_pages_of_another_renderer_are_not_compared(story: ReportStory, filing: Filing) -> None:
    other = replace(story, issued=replace(story.issued, renderer="typesetter 1"))
    both = replace(other, filing=replace(filing, filed=replace(filing.filed, renderer="typesetter 1")))

    assert (set_by_this_renderer(story), own_renderer()) == ((True, True), renderer())
    assert set_by_this_renderer(other) == (False, True)
    assert list(set_otherwise(replace(both, document=replace(story.document, title="x")), FILES)) == []


def test_missing_signing_record_is_for_others_to_tell(story: ReportStory) -> None:
    for look in (other_data, prepared_otherwise, set_otherwise):
        assert list(look(story, {REPORT: FILES[REPORT]})) == []


def test_without_fonts_nothing_can_be_set_again(story: ReportStory, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> str:
        raise FontsMissing(Path(), ())

    monkeypatch.setattr(report_pages, "renderer", missing)

    assert set_by_this_renderer(story) == (False, False)
    assert list(set_otherwise(story, FILES)) == []
