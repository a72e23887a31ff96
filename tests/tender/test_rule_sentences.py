import pytest

from server.tender.rule_sentences import RULE_SENTENCES
from tests.tender.test_file_sentences import strings_of

TESTS = ("test_file_rules.py", "test_people_rules.py", "test_lot_rules.py")


@pytest.mark.parametrize("code", RULE_SENTENCES)
def test_every_mistake_against_a_rule_has_a_test(code: str) -> None:
    assert code in strings_of("tests.tender", TESTS)
