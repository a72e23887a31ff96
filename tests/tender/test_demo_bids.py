from importlib.resources import files

import pytest

from server.tender.read import read_tender
from server.tender.template import textbook_text
from tests.support.make_demo_bids import BIDS, LETTERS, made
from tests.support.pdf_pages import page_count, text_of

LARGEST = 120_000
"Bytes; nearly all of them are letters, a fifth of a kilobyte each."

TENDER = read_tender(textbook_text()).tender


def committed(letter: str) -> bytes:
    return files("server.tender").joinpath("bids", f"{letter}.pdf").read_bytes()


def test_every_bid_of_the_textbook_has_its_file() -> None:
    [lot] = TENDER.lots.values()

    assert sorted(path.stem for path in BIDS.iterdir()) == sorted(lot.bids) == list(LETTERS)


@pytest.mark.parametrize("letter", LETTERS)
def test_a_bid_is_short_names_its_letter_and_nobody(letter: str) -> None:
    pdf = committed(letter)
    text = text_of(pdf)

    assert page_count(pdf) in {3, 4}
    assert len(pdf) < LARGEST
    assert f"投标文件{letter}" in text
    assert "清源县云栖河综合治理工程" in text
    for lot in TENDER.lots.values():
        assert [bid.bidder for bid in lot.bids.values() if bid.bidder in text] == []
    assert [seat.name for seat in TENDER.seats if seat.name in text] == []


@pytest.mark.parametrize("letter", LETTERS)
def test_the_texts_beside_the_script_are_those_of_the_files(letter: str) -> None:
    assert text_of(made(letter)) == text_of(committed(letter))


def test_no_two_bids_are_alike() -> None:
    texts = {text_of(committed(letter)).replace(letter, "") for letter in LETTERS}

    assert len(texts) == len(LETTERS)
