"""Whether the pages of a report say what the record says.

Each file has its data attached: those must be what the lines come to, whoever set the pages. The pages themselves can
be compared only where this program's renderer set them: then every byte must be the same. Else the page is vouched for
by the venue that certified it and by each member who read and signed it, and by nobody else.
"""

from collections.abc import Iterator, Mapping

import msgspec
from msgspec import Struct

from server.evidence.canonical import canonical
from server.evidence.check_lines import place
from server.evidence.verdict import Finding
from server.reports.fonts import FontsMissing
from server.reports.pdf_preparation import FieldPlace, changes_in_preparation, field_places
from server.reports.pdf_signing import CERTIFY_FIELD, SEAL_FIELD, box_corners
from server.reports.report_pdf import ATTACHED, read_attached, render_report
from server.reports.report_story import ReportStory
from server.reports.signing_record import SIGNING_ATTACHED, render_signing_record
from server.reports.typesetting import renderer


def other_data(story: ReportStory, contents: Mapping[str, bytes]) -> Iterator[Finding]:
    """Where the data attached to a report, or to its signing record, are not those of the lines."""
    for data in (contents[story.name], contents[story.name][: story.issued.typeset.size]):
        if read_attached(data, ATTACHED) != _data_of(story.document):
            reason = f"its data are not what the lines before {place(story.line.seq)} come to"
            yield Finding(reason=reason, where=story.name)
            break
    if story.filing and story.record_name in contents:
        data = contents[story.record_name]
        if read_attached(data, SIGNING_ATTACHED) != _data_of(story.filing.signing_record):
            reason = f"its data are not what the lines before {place(story.filing.line.seq)} come to"
            yield Finding(reason=reason, where=story.record_name)


def _data_of(document: Struct) -> bytes:
    return canonical(msgspec.to_builtins(document))


def prepared_otherwise(story: ReportStory, contents: Mapping[str, bytes]) -> Iterator[Finding]:
    """Where more than empty fields came in before the certification."""
    certified = contents[story.name][: story.issued.certified.size]
    for change in dict.fromkeys(changes_in_preparation(certified[: story.issued.typeset.size], certified)):
        yield Finding(reason=f"before it was certified it was given more than fields: {change}", where=story.name)
    places = field_places(certified)
    for field in (CERTIFY_FIELD, SEAL_FIELD):
        if field in places and not places[field].is_nowhere:
            yield Finding(reason="a seal that shows something", where=f"{story.name} {field}")


def set_by_this_renderer(story: ReportStory) -> tuple[bool, ...]:
    """For the report, and for its signing record if there is one: whether its pages can be set again here."""
    own = own_renderer()
    renderers = [story.issued.renderer, *([story.filing.filed.renderer] if story.filing else [])]
    return tuple(own is not None and each == own for each in renderers)


def set_otherwise(story: ReportStory, contents: Mapping[str, bytes]) -> Iterator[Finding]:
    """Where the pages of a file that this renderer set are not what it sets."""
    own, data = own_renderer(), contents[story.name]
    if story.issued.renderer == own:
        again = render_report(story.document)
        if again.pdf != data[: story.issued.typeset.size]:
            yield Finding(reason="its pages are not what its data come to", where=story.name)
        wanted = {box.field: FieldPlace(page=box.page, rectangle=box_corners(box)) for box in again.fields}
        places = field_places(data[: story.issued.certified.size])
        for field in [field for field in wanted if places.get(field) != wanted[field]]:
            yield Finding(reason="it is not where the report has its place", where=f"{story.name} {field}")
    annexed = contents.get(story.record_name)
    filing = story.filing if story.filing and story.filing.filed.renderer == own else None
    if filing and annexed is not None and annexed != render_signing_record(filing.signing_record):
        yield Finding(reason="its pages are not what its data come to", where=story.record_name)


def own_renderer() -> str | None:
    """What this program sets pages with; none without fonts."""
    try:
        return renderer()
    except FontsMissing:
        return None
