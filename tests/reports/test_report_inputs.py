import pytest

from server.domain.commands import IssueReport
from server.domain.phases import Phase
from server.domain.state import EMPTY
from server.evidence.sealing import open_command
from server.reports.report_inputs import main_venue, opened, report_facts
from tests.support.room_plan import JIA, L1
from tests.support.room_scenes import at, issue_report


def test_facts_are_what_the_chair_wrote_and_where_the_record_stands() -> None:
    world = at(Phase.LOCKED)
    command = IssueReport(lot=L1, matters=" 核实项目经理 ", clarifications="")
    moment = world.moment(open_command(world.sign("E1", command), world.room))

    facts = report_facts(command, world.room, moment)

    assert (facts.version, facts.matters, facts.clarifications) == (1, "核实项目经理", "")
    assert (facts.at, facts.size, facts.root) == (moment.now, len(world.raw), world.root_at(len(world.raw)))


def test_report_issued_again_has_the_next_version() -> None:
    world = at(Phase.LOCKED)
    issue_report(world, L1)
    command = IssueReport(lot=L1, matters="", clarifications="")

    moment = world.moment(open_command(world.sign("E1", command), world.room))

    assert report_facts(command, world.room, moment).version == 2


def test_seal_is_the_main_venues() -> None:
    assert main_venue(opened(at(Phase.PREPARED).room)) == JIA


def test_room_without_its_first_event_has_no_documents() -> None:
    with pytest.raises(TypeError):
        opened(EMPTY)
