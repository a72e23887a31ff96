"""What a room's documents are made of beside its lines: the same when they are made and when they are verified."""

from server.domain.commands import IssueReport
from server.domain.events import RoomOpened
from server.domain.ids import VenueId
from server.domain.moment import Moment
from server.domain.state import RoomState
from server.reports.report_document import ReportFacts


def report_facts(command: IssueReport, room: RoomState, moment: Moment) -> ReportFacts:
    """What a report says beside the room's lines."""
    earlier = room.lots[command.lot].report
    return ReportFacts(
        version=earlier.version + 1 if earlier else 1,
        matters=command.matters.strip(),
        clarifications=command.clarifications.strip(),
        at=moment.now,
        size=moment.size,
        root=moment.root_at(moment.size),
    )


def main_venue(opening: RoomOpened) -> VenueId:
    """The venue whose seal certifies and closes the report."""
    return next(venue for venue, each in opening.venues.items() if each.main)


def opened(room: RoomState) -> RoomOpened:
    """The first event of a room that has one."""
    if room.opening is None:
        raise TypeError("a room has documents after its first event")
    return room.opening
