"""What is said about a mistake."""

from msgspec import Struct


class Sentence(Struct, frozen=True):
    """What is wrong and what to write instead, in English and Chinese; format strings over the facts."""

    en: str
    en_hint: str
    zh: str
    zh_hint: str
