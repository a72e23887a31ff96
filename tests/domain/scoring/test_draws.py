import pytest

from server.domain.scoring import DrawKind, DrawNeeded, DrawUnknown
from server.domain.scoring.draws import drawn_first, drawn_places


def test_drawn_first_is_the_first_of_the_order() -> None:
    assert drawn_first(DrawKind.COEFFICIENT, ["0.96", "0.97"], {DrawKind.COEFFICIENT: ("0.97", "0.96")}) == "0.97"


def test_drawn_first_asks_for_the_draw() -> None:
    with pytest.raises(DrawNeeded) as caught:
        drawn_first(DrawKind.COEFFICIENT, ["0.96", "0.97"], {DrawKind.COEFFICIENT: ()})

    assert (caught.value.kind, caught.value.among) == (DrawKind.COEFFICIENT, ("0.96", "0.97"))
    assert caught.value.facts == {"draw": "coefficient", "among": "0.96, 0.97"}


def test_drawn_first_refuses_what_was_no_choice() -> None:
    with pytest.raises(DrawUnknown) as caught:
        drawn_first(DrawKind.WIDEST_MEMBER, ["E1", "E2"], {DrawKind.WIDEST_MEMBER: ("E9",)})

    assert caught.value.facts == {"draw": "widest_member", "drawn": "E9", "among": "E1, E2"}


def test_drawn_places_count_from_one() -> None:
    assert drawn_places(DrawKind.TIE, ["A", "B"], {DrawKind.TIE: ("C", "B", "A")}) == {"A": 3, "B": 2}


def test_drawn_places_need_every_one() -> None:
    with pytest.raises(DrawNeeded) as caught:
        drawn_places(DrawKind.TIE, ["A", "B"], {DrawKind.TIE: ("A",)})

    assert caught.value.among == ("A", "B")
