"""What each mistake says, in English and Chinese: the sentence, and what to write instead.

The texts are format strings over the mistake's facts. Codes that begin with `scheme_` are those of
`server.domain.scoring.check_scheme`.
"""

from enum import StrEnum
from typing import Final

from server.tender.bid_file_sentences import BID_FILE_SENTENCES
from server.tender.file_sentences import FILE_SENTENCES
from server.tender.rule_sentences import RULE_SENTENCES
from server.tender.scheme_sentences import SCHEME_SENTENCES
from server.tender.sentences import Sentence

Facts = dict[str, str | int]
"What a sentence is about: names and numbers, in no language."


SENTENCES: Final[dict[str, Sentence]] = FILE_SENTENCES | RULE_SENTENCES | BID_FILE_SENTENCES | SCHEME_SENTENCES
"By code."


class Language(StrEnum):
    """A language of the messages."""

    ENGLISH = "en"
    CHINESE = "zh"


def message_of(code: str, facts: Facts, language: Language) -> str:
    """The sentence that says what is wrong."""
    sentence = SENTENCES[code]
    return (sentence.zh if language is Language.CHINESE else sentence.en).format(**facts)


def hint_of(code: str, facts: Facts, language: Language) -> str:
    """The sentence that says what to write instead."""
    sentence = SENTENCES[code]
    return (sentence.zh_hint if language is Language.CHINESE else sentence.en_hint).format(**facts)
