from collections.abc import Callable

import pytest

from server.reports.pdf_preparation import FieldPlace, changes_in_preparation, field_places
from tests.evidence.reported_room import plainly_reported
from tests.support import tampered_pdf

ISSUED = plainly_reported().report().issued
assert ISSUED is not None
CERTIFIED = plainly_reported().world.content(ISSUED.certified.sha256)
TYPESET = CERTIFIED[: ISSUED.typeset.size]


def test_fields_and_certification_are_all_that_came_in() -> None:
    assert list(changes_in_preparation(TYPESET, CERTIFIED)) == []


@pytest.mark.parametrize("change", [tampered_pdf.draw_over, tampered_pdf.add_note])
def test_whatever_else_came_in_is_told(change: Callable[[bytes], bytes]) -> None:
    assert list(changes_in_preparation(TYPESET, change(CERTIFIED)))


def test_members_fields_are_seen_and_the_seals_are_not() -> None:
    places = field_places(CERTIFIED)

    assert {"SignE1", "SignE2", "SignE3", "SignE4", "SignR1", "Certify", "Seal"} == set(places)
    assert [name for name, place in places.items() if place.is_nowhere] == ["Certify", "Seal"]
    assert len({place.rectangle for name, place in places.items() if name.startswith("Sign")}) == 5


@pytest.mark.parametrize(("rectangle", "nowhere"), [((0, 0, 0, 0), True), ((1, 1, 1, 9), True), ((1, 2, 3, 4), False)])
def test_field_without_extent_shows_nothing(rectangle: tuple[float, float, float, float], nowhere: bool) -> None:
    assert FieldPlace(page=1, rectangle=rectangle).is_nowhere == nowhere
