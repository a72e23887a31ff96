from pathlib import Path

import pytest

from server.reports.fonts import FILES, FontsMissing, drawable, require_fonts


def test_rare_characters_of_names_are_drawn() -> None:
    text = "赵𬱖、王龘、阿依古丽·买买提 E1 — 12.5 × 0.6 ≥ 3"

    assert drawable(text) == text


def test_what_the_fonts_lack_is_spelt_out_and_what_is_invisible_left_out() -> None:
    assert drawable("好🙂\u200d\ufe0f\x01的\t字\n第二行 \U00030000") == "好〔U+1F642〕的 字\n第二行 〔U+30000〕"


def test_missing_fonts_are_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / FILES[0]).touch()

    with pytest.raises(FontsMissing) as refused:
        require_fonts(tmp_path)

    said = str(refused.value)
    assert "请运行 make setup" in said
    assert "run: make setup" in said
    assert FILES[1] in said
    assert FILES[0] not in said


def test_the_fonts_are_there() -> None:
    assert [path.name for path in require_fonts()] == list(FILES)
