import ast
from importlib.resources import files

import pytest

from server.tender.file_sentences import FILE_SENTENCES
from server.tender.rule_sentences import RULE_SENTENCES

TESTS = (
    "test_yaml_tree.py",
    "test_scalars.py",
    "test_shapes.py",
    "test_tender_file.py",
    "test_read.py",
    "test_file_rules.py",
)


def strings_of(package: str, names: tuple[str, ...]) -> set[str]:
    """Every text constant in these modules."""
    trees = [ast.parse(files(package).joinpath(name).read_text(encoding="utf-8")) for name in names]
    constants = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return {node.value for node in constants if isinstance(node.value, str)}


@pytest.mark.parametrize("code", FILE_SENTENCES)
def test_every_mistake_of_form_has_a_test(code: str) -> None:
    assert code in strings_of("tests.tender", TESTS)


def test_form_and_rules_share_no_code() -> None:
    assert FILE_SENTENCES.keys() & RULE_SENTENCES.keys() == set()
