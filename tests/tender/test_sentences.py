from server.tender.sentences import Sentence


def test_sentence_speaks_both_languages() -> None:
    sentence = Sentence("Wrong.", "Mend {it}.", "有误。", "请修改{it}。")

    assert (sentence.en, sentence.en_hint, sentence.zh, sentence.zh_hint) == (
        "Wrong.",
        "Mend {it}.",
        "有误。",
        "请修改{it}。",
    )
