import pytest

from server.domain.commands import IssueReport
from server.domain.ids import Digest, Millis
from server.domain.moment import Moment
from server.domain.state import EMPTY
from server.reports.report_document import ReportFacts
from server.reports.report_inputs import main_venue, opened, report_facts
from tests.evidence.reported_room import plainly_reported, reported
from tests.support.room_plan import JIA, L2

MOMENT = Moment(
    now=Millis(7), size=3, root_at=lambda size: Digest(f"root of {size}"), last_n=0, certificate=b"", draws={}
)
COMMAND = IssueReport(lot=L2, matters=" 签约事宜 \n", clarifications="\n")


def test_first_report_is_version_one_with_what_the_chair_wrote() -> None:
    facts = report_facts(COMMAND, reported().world.room, MOMENT)

    assert facts == ReportFacts(
        version=1, matters="签约事宜", clarifications="", at=Millis(7), size=3, root=Digest("root of 3")
    )


def test_report_issued_again_is_the_next_version() -> None:
    assert report_facts(COMMAND, plainly_reported().world.room, MOMENT).version == 2


def test_main_venue_is_the_one_that_the_first_event_names() -> None:
    assert main_venue(opened(reported().world.room)) == JIA


def test_room_without_an_opening_has_no_documents() -> None:
    with pytest.raises(TypeError):
        opened(EMPTY)
