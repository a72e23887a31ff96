import pytest

from server.tender.shown import SHOWN_LENGTH, is_invisible, shown_character, shown_text


@pytest.mark.parametrize(
    "character", ["\x00", "\x1b", "\n", "\u200b", "\u202e", "\ufeff", chr(0xD873), "\u2028", "\ufffd"]
)
def test_what_cannot_be_seen_is_invisible(character: str) -> None:
    assert is_invisible(character)


@pytest.mark.parametrize("character", ["龘", "𬱖", "·", " ", "\u3000", "（", "\U000e0100", "\U000323af", "A"])
def test_what_stands_in_names_is_visible(character: str) -> None:
    assert not is_invisible(character)


def test_character_is_shown_by_its_number() -> None:
    assert [shown_character("\x1b"), shown_character("𬱖")] == ["U+001B", "U+2CC56"]


def test_text_is_shown_on_one_line() -> None:
    assert shown_text("赵\x1b[31m𬱖\n") == "赵U+001B[31m𬱖U+000A"


def test_long_text_is_cut() -> None:
    assert shown_text("评" * SHOWN_LENGTH) == "评" * SHOWN_LENGTH
    assert shown_text("评标标准", 3) == "评标标…"
