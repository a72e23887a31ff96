import string

import pytest

from server.cli.refusal_words import CHINESE, refusal_sentence
from server.domain.errors import AppendUncertain
from server.domain.ids import RoomId
from server.store.errors import LogContradicted, RoomUnknown
from server.web.protocol.contents import rejections


def _places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_every_chinese_sentence_is_of_a_refusal_and_asks_for_no_other_fact() -> None:
    known = rejections()

    assert [code for code in CHINESE if code not in known] == []
    assert [code for code, said in CHINESE.items() if not _places(said) <= _places(known[code])] == []


def test_an_error_is_told_in_the_language_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    errors = (RoomUnknown(room="r-1"), LogContradicted(RoomId("r-1"), "no head"), AppendUncertain("lost"))

    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    english = [refusal_sentence(error) for error in errors]
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    chinese = [refusal_sentence(error) for error in errors]

    assert english == ["There is no room r-1.", "Room r-1: no head.", "lost"]
    assert chinese[0] == "没有评标室 r-1。"
    assert chinese[1].startswith("保存的评标记录与已签名的内容不一致")
    assert chinese[2].startswith("连接中断，不能确定")
