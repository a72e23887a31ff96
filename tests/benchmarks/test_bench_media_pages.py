import pytest

from tests.benchmarks.bench_media_pages import ROWS, wanted_rows


def test_wanted_rows_are_those_named_or_all() -> None:
    assert wanted_rows("picture_back_after_cut,freeze_time_5") == ("picture_back_after_cut", "freeze_time_5")
    assert wanted_rows("") == ROWS


def test_wanted_rows_refuses_a_name_that_is_none() -> None:
    with pytest.raises(SystemExit, match="no row named picture_back;"):
        wanted_rows("first_frame,picture_back")
