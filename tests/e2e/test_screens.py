"""Every page, state and language that `screens.json` lists has its pictures; it runs last, as `conftest.py` says."""

from pathlib import Path

import pytest

from tests.support.client_pages import ALL_TAKEN, is_on_disk, wanted_pictures


def test_every_listed_screen_has_its_pictures(request: pytest.FixtureRequest) -> None:
    here = Path(__file__).parent
    run = {item.path for item in request.session.items}
    if not run.issuperset(here.glob("test_*.py")):
        pytest.skip("pictures are counted where the whole of tests/e2e is run")

    assert wanted_pictures() == ALL_TAKEN
    assert [picture for picture in sorted(ALL_TAKEN) if not is_on_disk(picture)] == []
