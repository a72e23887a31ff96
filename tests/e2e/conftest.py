"""For every test of this folder: patience with browsers, and the count of the pictures when all have been taken."""

import pytest
from playwright.async_api import expect

from tests.support.patience import PATIENCE_S

expect.set_options(timeout=PATIENCE_S * 1000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Count the pictures after the other tests, in whatever order those run."""
    items.sort(key=lambda item: item.path.name == "test_screens.py")
