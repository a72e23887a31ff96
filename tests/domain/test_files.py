from server.domain.files import named_files
from server.domain.ids import LotId
from server.domain.phases import Phase
from tests.support.room_plan import L1, A, bid_file, opening
from tests.support.room_scenes import HOST, run_to
from tests.support.room_world import World


def test_bid_names_its_file() -> None:
    assert named_files(bid_file(L1, A)) == (bid_file(L1, A).file,)


def test_every_revision_of_a_report_is_named_and_the_typeset_one_is_only_part_of_it() -> None:
    world = run_to(World(opening(files=True)), Phase.SEALED)
    report = world.room.lots[L1].report
    assert report is not None
    assert report.issued is not None
    assert report.filed is not None

    named = [file for line in world.lines for file in named_files(line.event) if _lot(line.event) == L1]

    assert report.issued.certified in named
    assert report.issued.typeset not in named
    assert named[-2:] == [report.filed.report, report.filed.signing_record]
    assert len(named) == 3 + 1 + len(report.members) + 2


def test_files_are_seen_by_those_who_may_see_the_line_that_names_them() -> None:
    world = run_to(World(opening(files=True)), Phase.SEALED)

    readers = {
        alias
        for alias in world.room.seats
        if any(named_files(line.event) for line in world.visible(alias) if line.by != alias)
    }

    assert readers == {"E1", "E2", "E3", "E4", "R1", "S1"}
    assert HOST not in readers


def _lot(event: object) -> LotId | None:
    return getattr(event, "lot", None)
