from msgspec.structs import replace

from server.reports.report_pages import (
    other_data,
    other_record_data,
    own_renderer,
    prepared_otherwise,
    record_set_otherwise,
    set_by_this_renderer,
    set_otherwise,
)
from server.reports.report_story import ReportStory, stories_of
from server.reports.typesetting import renderer
from tests.evidence.reported_room import plainly_reported, reported_under_aliases

ROOM = plainly_reported()
[STORY] = stories_of(ROOM.world.raw, ROOM.world.lines)
FILES = ROOM.files()


def renamed(story: ReportStory) -> ReportStory:
    """The same with another title in its document."""
    return replace(story, document=replace(story.document, title="另一份报告"))


def test_report_says_what_the_lines_say() -> None:
    assert own_renderer() == renderer()
    assert set_by_this_renderer(STORY) == (True, True)
    for look in (other_data, prepared_otherwise, set_otherwise):
        assert list(look(STORY.paper, FILES)) == []
    for look_at_record in (other_record_data, record_set_otherwise):
        assert list(look_at_record(STORY, FILES)) == []


def test_other_data_and_other_pages_are_told() -> None:
    assert [each.where for each in other_data(renamed(STORY).paper, FILES)] == [STORY.name]
    assert [each.where for each in set_otherwise(renamed(STORY).paper, FILES)] == [STORY.name]


def test_pages_that_another_renderer_set_are_not_compared() -> None:
    foreign = replace(renamed(STORY), issued=replace(STORY.issued, renderer="typst 9"), filing=None)

    assert set_by_this_renderer(foreign) == (False,)
    assert list(set_otherwise(foreign.paper, FILES)) == []
    assert [each.where for each in other_data(foreign.paper, FILES)] == [STORY.name]


def test_signing_record_with_other_words_is_told() -> None:
    assert STORY.filing is not None
    record = replace(STORY.filing.signing_record, title="另一份说明")
    story = replace(STORY, filing=replace(STORY.filing, signing_record=record))

    assert [each.where for each in other_record_data(story, FILES)] == [STORY.record_name]
    assert [each.where for each in record_set_otherwise(story, FILES)] == [STORY.record_name]


def test_annexes_are_looked_at_as_the_reports_are() -> None:
    room = reported_under_aliases()
    story, files = stories_of(room.world.raw, room.world.lines)[1], room.files()

    assert set_by_this_renderer(story) == (True,) * 5
    for annex in story.annexes:
        other = replace(annex, document=replace(annex.document, title="另一份附页"))
        for look in (other_data, set_otherwise):
            assert list(look(annex, files)) == []
            assert [each.where for each in look(other, files)] == [annex.name]
        assert list(prepared_otherwise(annex, files)) == []
