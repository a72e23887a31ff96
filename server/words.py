"""The command line speaks Chinese or English, as the locale says."""

import os
from collections.abc import Mapping

LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"The variables that name a language, the first that is set counts. Source: POSIX.1-2017, 8.2."


def is_chinese(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the locale asks for Chinese."""
    named = next((environment[name] for name in LOCALE_VARIABLES if environment.get(name)), "")
    return named.lower().startswith("zh")


def words(zh: str, en: str) -> str:
    """The sentence in the language of the locale."""
    return zh if is_chinese() else en
