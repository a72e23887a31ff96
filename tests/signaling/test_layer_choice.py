import pytest

from signaling.layer_choice import CAUTION, PAUSED, Layer, Picture, choose, wanted_bps
from signaling.messages import Shown

E1: Picture = ("E1", "video")
E2: Picture = ("E2", "video")
E3: Picture = ("E3", "video")
E4: Picture = ("E4", "video")
LOW, MIDDLE, HIGH = Layer(180, 100_000), Layer(360, 400_000), Layer(720, 1_200_000)
THREE = [LOW, MIDDLE, HIGH]
SMALL, LARGE, HIDDEN = Shown("", "video", 180, False), Shown("", "video", 700, False), Shown("", "video", 0, False)
"What names the source is the key they stand under."


def test_without_an_estimate_every_picture_is_as_high_as_it_is_shown() -> None:
    choice = choose(None, {E1: THREE, E2: THREE}, {E1: LARGE, E2: SMALL}, {})

    assert choice == {E1: 2, E2: 0}


def test_picture_the_page_says_nothing_of_is_shown_in_full() -> None:
    assert choose(None, {E1: THREE}, {}, {}) == {E1: 2}


def test_hidden_picture_is_not_sent() -> None:
    assert choose(None, {E1: THREE}, {E1: HIDDEN}, {}) == {}


def test_all_get_their_lowest_before_one_gets_more() -> None:
    choice = choose(2.2 * CAUTION * LOW.rate_bps, {E1: THREE, E2: THREE}, {E1: LARGE, E2: SMALL}, {})

    assert choice == {E1: 0, E2: 0}


def test_what_does_not_fit_is_paused_the_small_ones_first() -> None:
    choice = choose(1.5 * CAUTION * LOW.rate_bps, {E2: THREE, E1: THREE}, {E1: LARGE, E2: SMALL}, {})

    assert choice == {E1: 0, E2: PAUSED}


def test_pinned_picture_comes_before_larger_ones() -> None:
    shown = {E1: LARGE, E2: Shown(*E2, 180, True)}

    assert choose(CAUTION * LOW.rate_bps, {E1: THREE, E2: THREE}, shown, {}) == {E1: PAUSED, E2: 0}


def test_picture_of_who_speaks_comes_before_larger_ones_but_rises_after_them() -> None:
    shown = {E1: LARGE, E2: SMALL, E3: Shown(*E3, 180, True)}
    three = {E1: THREE, E2: [LOW, MIDDLE], E3: THREE}
    narrow, wider = (CAUTION * LOW.rate_bps * number for number in (2, 3))

    assert choose(narrow, three, shown, {}, "E2") == {E1: PAUSED, E2: 0, E3: 0}
    assert choose(wider + CAUTION * MIDDLE.rate_bps, three, {**shown, E2: LARGE}, {}, "E2") == {E1: 1, E2: 0, E3: 0}


@pytest.mark.parametrize(("before", "number"), [({}, 1), ({E1: 2}, 2), ({E1: PAUSED}, 1)])
def test_layer_in_force_stays_where_a_new_one_would_not_be_taken_up(
    before: dict[Picture, int | None], number: int
) -> None:
    budget = (HIGH.rate_bps + CAUTION * HIGH.rate_bps) / 2

    assert choose(budget, {E1: THREE}, {E1: LARGE}, before) == {E1: number}


def test_three_quarters_of_the_lines_are_enough() -> None:
    assert choose(None, {E1: THREE}, {E1: Shown(*E1, 480, False)}, {}) == {E1: 1}
    assert choose(None, {E1: THREE}, {E1: Shown(*E1, 481, False)}, {}) == {E1: 2}


def test_layer_of_unknown_size_is_low() -> None:
    assert choose(None, {E1: [Layer(0, 0.0)]}, {E1: LARGE}, {}) == {E1: 0}


def test_wanted_is_what_the_shown_pictures_would_take() -> None:
    shown = {E1: LARGE, E2: HIDDEN, E3: SMALL}

    wanted = wanted_bps({E1: THREE, E2: THREE, E3: THREE, E4: [LOW]}, shown)

    assert wanted == CAUTION * (HIGH.rate_bps + 2 * LOW.rate_bps)
