from msgspec.structs import replace

from server.reports.report_pages import (
    other_data,
    own_renderer,
    prepared_otherwise,
    set_by_this_renderer,
    set_otherwise,
)
from server.reports.report_story import ReportStory, stories_of
from server.reports.typesetting import renderer
from tests.evidence.reported_room import plainly_reported

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
        assert list(look(STORY, FILES)) == []


def test_other_data_and_other_pages_are_told() -> None:
    assert [each.where for each in other_data(renamed(STORY), FILES)] == [STORY.name]
    assert [each.where for each in set_otherwise(renamed(STORY), FILES)] == [STORY.name]


def test_pages_that_another_renderer_set_are_not_compared() -> None:
    foreign = replace(renamed(STORY), issued=replace(STORY.issued, renderer="typst 9"), filing=None)

    assert set_by_this_renderer(foreign) == (False,)
    assert list(set_otherwise(foreign, FILES)) == []
    assert [each.where for each in other_data(foreign, FILES)] == [STORY.name]


def test_signing_record_with_other_words_is_told() -> None:
    assert STORY.filing is not None
    record = replace(STORY.filing.signing_record, title="另一份说明")
    story = replace(STORY, filing=replace(STORY.filing, signing_record=record))

    assert [each.where for each in other_data(story, FILES)] == [STORY.record_name]
    assert [each.where for each in set_otherwise(story, FILES)] == [STORY.record_name]
