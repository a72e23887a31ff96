"""What a verdict tells of a report against which nothing was found: who signed it, and when."""

from collections.abc import Mapping

from server.domain.ids import Alias, Millis
from server.evidence.report_accounts import MemberAccount, ReportAccount, ReportStanding
from server.reports.report_pages import set_by_this_renderer
from server.reports.report_story import ReportStory
from server.reports.signature_facts import signatures_in
from server.reports.subject import field_of


def account_of(story: ReportStory, pdf: bytes) -> ReportAccount:
    """How the signing of a version ended; `pdf` is the version, with which nothing is wrong."""
    stamped = {facts.field: facts.stamped_at for facts in signatures_in(pdf)}
    return ReportAccount(
        lot=story.lot,
        title=story.opening.lots[story.lot].title,
        version=story.issued.version,
        standing=_standing(story),
        members=tuple(_member(story, member, stamped) for member in story.report.members),
        pages_set_again=all(set_by_this_renderer(story)),
        renderer=story.issued.renderer,
    )


def _standing(story: ReportStory) -> ReportStanding:
    if story.filing is not None:
        return ReportStanding.SEALED
    return ReportStanding.SUPERSEDED if story.is_superseded else ReportStanding.OPEN


def _member(story: ReportStory, member: Alias, stamped: Mapping[str, Millis | None]) -> MemberAccount:
    report = story.report
    return MemberAccount(
        label=story.labels[member],
        end=report.ends.get(member),
        at=stamped.get(field_of(member)) or report.ended_at.get(member),
    )
