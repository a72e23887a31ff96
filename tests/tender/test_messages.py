import string

import pytest

from server.tender.messages import SENTENCES, Language, hint_of, message_of


def _facts(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_sentence_and_hint_are_given_in_both_languages() -> None:
    facts: dict[str, str | int] = {"years": 10, "least": 15}

    assert [message_of("retention_too_short", facts, language) for language in Language] == [
        "The record would be kept for 10 years; at least 15 are required.",
        "档案保存 10 年，少于规定的 15 年。",
    ]
    assert [hint_of("retention_too_short", facts, language) for language in Language] == [
        "Write 15 or more.",
        "请写 15 或以上。",
    ]


@pytest.mark.parametrize("code", SENTENCES)
def test_every_code_says_everything_in_both_languages(code: str) -> None:
    sentence = SENTENCES[code]
    texts = (sentence.en, sentence.en_hint, sentence.zh, sentence.zh_hint)

    assert all(text.strip() for text in texts)
    assert all(any("\u4e00" <= character <= "\u9fff" for character in text) for text in texts[2:])
    assert _facts(sentence.zh) <= _facts(sentence.en) | _facts(sentence.en_hint)
    assert sentence.en.endswith(".")
