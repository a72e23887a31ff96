from pathlib import Path

import pytest

from server.tender.template import textbook_text
from tests.support.live_server import TEXTBOOK
from tests.support.server_process import environment


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return environment(data=tmp_path / "data")


@pytest.fixture
def tender(tmp_path: Path) -> Path:
    file = tmp_path / "textbook.yaml"
    file.write_text(textbook_text(), encoding="utf-8")
    (tmp_path / "bids").mkdir()
    for name, load in ((name, TEXTBOOK.load) for name in TEXTBOOK.documents):
        (tmp_path / name).write_bytes(load(name))
    return file
