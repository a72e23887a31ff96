import json
import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.tender.mistakes import Mistake, TenderRefused
from server.tender.read import read_tender, tender_text
from server.tender.template import textbook_text
from server.tender.tender_file import SIZE_LIMIT
from tests.tender.small_tender import SMALL, found_in, refusal

VECTORS = Path(__file__).parent.parent / "vectors" / "tenders"
TEXTBOOK = textbook_text()
TEXTBOOK_TENDER = read_tender(TEXTBOOK).tender
SMALL_TENDER = read_tender(SMALL).tender


def _mistakes(text: str) -> tuple[Mistake, ...]:
    """Why a text is refused; empty when it is read."""
    try:
        read_tender(text)
    except TenderRefused as refused:
        return refused.mistakes
    return ()


def _lines_outside(text: str, mistakes: tuple[Mistake, ...]) -> list[int]:
    """Lines of mistakes that the text does not have."""
    last = max(len(text.splitlines()), 1)
    return [one.line for one in mistakes if not 1 <= one.line <= last]


def test_many_mistakes_come_at_once() -> None:
    text = (VECTORS / "many_mistakes.yaml").read_text(encoding="utf-8")
    rows = (VECTORS / "many_mistakes.expected.txt").read_text(encoding="utf-8").splitlines()

    refused = refusal(text)

    assert [f"{one.line} {one.code} {one.path}" for one in refused.mistakes] == rows
    assert refused.name == "tender.yaml"


def test_json_is_read_by_the_same_rules() -> None:
    tender = read_tender(
        (VECTORS / "procurement_goods.json").read_text(encoding="utf-8"), name="procurement_goods.json"
    ).tender

    assert tender.title == "北溪市医疗设备采购"
    assert [seat.name for seat in tender.seats][:3] == ["𬱖", "no", "2025-01-01"]
    assert [bid.price for lot in tender.lots.values() for bid in lot.bids.values()] == [
        "4980000.50",
        "4790000.00",
        "5120000",
    ]


@pytest.mark.parametrize(("indent", "ascii_only"), [(None, True), (2, False), ("\t", True)])
def test_tender_written_by_a_program_is_read(indent: int | str | None, ascii_only: bool) -> None:
    plain = msgspec.to_builtins(SMALL_TENDER)

    assert read_tender(json.dumps(plain, indent=indent, ensure_ascii=ascii_only)).tender == SMALL_TENDER


@pytest.mark.parametrize("text", ["", "# 空\n", "~", "---\n"])
def test_empty_file_is_refused(text: str) -> None:
    assert found_in(text) == [(1, "", "file_empty")]


@pytest.mark.parametrize("text", ["- a\n", "招标项目"])
def test_file_that_is_no_mapping_has_one_mistake(text: str) -> None:
    assert found_in(text) == [(1, "", "not_mapping")]


def test_syntax_mistake_comes_alone() -> None:
    assert found_in(f"titel: x\n{SMALL}x: [\n") == [(42, "", "syntax")]


def test_file_beyond_the_limit_is_not_read() -> None:
    fitting = "@" + "x" * (SIZE_LIMIT - 1)

    assert found_in(fitting) == [(1, "", "syntax")]
    assert found_in(fitting + "x") == [(1, "", "file_too_large")]


def test_bytes_in_utf_8_are_a_text() -> None:
    assert read_tender(tender_text(("\ufeff" + SMALL).encode())).tender == SMALL_TENDER


def test_bytes_in_another_encoding_are_refused_in_their_line() -> None:
    with pytest.raises(TenderRefused) as caught:
        tender_text("a: 1\ntitle: 小项目\n".encode("gb18030"), name="a.yaml")

    assert [(one.line, one.code) for one in caught.value.mistakes] == [(2, "not_utf8")]


def test_small_tender_cut_after_any_line_is_refused() -> None:
    ends = [found.end() for found in re.finditer("\n", SMALL)][:-1]

    assert [end for end in ends if not _mistakes(SMALL[:end])] == []


def test_cut_between_two_bids_leaves_good_yaml_that_is_still_refused() -> None:
    text = "".join(SMALL.splitlines(keepends=True)[:20])

    assert (20, "end", "end_missing") in found_in(text)


@settings(max_examples=20, deadline=None)
@given(st.integers(min_value=0, max_value=len(TEXTBOOK)))
def test_textbook_cut_at_any_character_is_whole_or_refused(end: int) -> None:
    text = TEXTBOOK[:end]

    mistakes = _mistakes(text)

    assert _lines_outside(text, mistakes) == []
    assert mistakes or read_tender(text).tender == TEXTBOOK_TENDER


@settings(max_examples=40, deadline=None)
@given(
    st.integers(min_value=0, max_value=len(SMALL)),
    st.integers(min_value=0, max_value=12),
    st.text(alphabet="\n\t -:,.[]{}&*!|>'\"%@`#?~0aAx\\U\u200b\ud800\x00龘", max_size=4),
)
def test_spoiled_file_is_read_or_refused_at_its_lines(at: int, length: int, piece: str) -> None:
    text = SMALL[:at] + piece + SMALL[at + length :]

    assert _lines_outside(text, _mistakes(text)) == []
