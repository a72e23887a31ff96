from server.reports.paper_kinds import ANNEX, REPORT
from server.reports.report_story import stories_of
from server.reports.signature_words import ANNEX_SIGNED, member_reason
from tests.evidence.reported_room import DISSENT, reported_under_aliases

WORLD = reported_under_aliases().world
_, STORY = stories_of(WORLD.raw, WORLD.lines)


def test_member_signs_report_and_annex_in_the_same_field_with_other_words() -> None:
    of_report, [of_annex] = STORY.signatures[0], STORY.annexes[0].signatures

    assert (of_report.field, of_annex.field) == ("SignE3", "SignE3")
    assert (of_report.reason, of_annex.reason) == (member_reason(DISSENT), ANNEX_SIGNED)


def test_report_and_annex_are_told_alike() -> None:
    paper, annex = STORY.paper, STORY.annexes[0]

    assert (paper.kind, annex.kind) == (REPORT, ANNEX)
    assert (paper.is_certified_then, annex.is_certified_then) == (True, False)
    assert paper.seal is not None
    assert annex.seal is not None
    assert annex.seal.line.seq < paper.seal.line.seq
    assert (len(paper.members), annex.members) == (5, ("E3",))
