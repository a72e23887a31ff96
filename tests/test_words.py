import pytest

from server.words import is_chinese, words


@pytest.mark.parametrize(
    ("environment", "chinese"),
    [
        ({}, False),
        ({"LANG": "zh_CN.UTF-8"}, True),
        ({"LANG": "zh_TW"}, True),
        ({"LANG": "C.UTF-8"}, False),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, False),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, True),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, True),
    ],
)
def test_the_first_variable_that_is_set_names_the_language(environment: dict[str, str], chinese: bool) -> None:
    assert is_chinese(environment) == chinese


def test_words_are_those_of_this_process_language() -> None:
    assert words("中文", "English") == ("中文" if is_chinese() else "English")
