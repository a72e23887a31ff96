import io
from pathlib import Path

import pytest
from rich.console import Console

from server.tender.mistakes import TenderRefused
from server.tender.template import textbook_text
from server.tender_desk import read_tender_file, telling
from tests.support.live_server import TEXTBOOK
from tests.tender.small_tender import with_files

PDF = b"%PDF-1.7 %%EOF"


@pytest.fixture
def console() -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=100)


def told(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_files_are_read_beside_the_tender_file(tmp_path: Path, console: Console) -> None:
    (tmp_path / "bids").mkdir()
    (tmp_path / "bids" / "a.pdf").write_bytes(PDF)
    file = tmp_path / "small.yaml"
    file.write_text(with_files(A="[{title: 技术标, file: bids/a.pdf}]"), encoding="utf-8")

    whole = read_tender_file(file, console)

    assert whole.documents["bids/a.pdf"].size == len(PDF)
    assert whole.load("bids/a.pdf") == PDF
    assert "1/1" in told(console)


def test_what_is_missing_is_refused_under_the_name_of_the_tender_file(tmp_path: Path, console: Console) -> None:
    file = tmp_path / "textbook.yaml"
    file.write_text(textbook_text(), encoding="utf-8")

    with pytest.raises(TenderRefused) as caught:
        read_tender_file(file, console)

    assert (caught.value.name, {each.code for each in caught.value.mistakes}) == ("textbook.yaml", {"bid_file_missing"})


def test_bar_counts_what_was_loaded(console: Console) -> None:
    with telling(TEXTBOOK.load, 2, "Files", console) as load:
        assert load("bids/A.pdf") == TEXTBOOK.load("bids/A.pdf")
        load("bids/B.pdf")

    assert "2/2" in told(console)


@pytest.mark.parametrize(("is_terminal", "count"), [(False, 3), (True, 0)])
def test_nothing_is_drawn_without_a_terminal_or_files(is_terminal: bool, count: int) -> None:
    console = Console(file=io.StringIO(), force_terminal=is_terminal, width=100)

    with telling(TEXTBOOK.load, count, "Files", console) as load:
        load("bids/A.pdf")

    assert told(console) == ""
