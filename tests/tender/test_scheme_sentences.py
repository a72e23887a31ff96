import ast
from importlib.resources import files

from server.tender.scheme_sentences import SCHEME_SENTENCES


def _codes_of_check_scheme() -> set[str]:
    """Every `code=` that the scoring package gives a problem."""
    modules = [file for file in files("server.domain.scoring").iterdir() if file.name.endswith("problems.py")]
    calls = [node for file in modules for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
    named = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "SchemeProblem"]
    return {ast.literal_eval(word.value) for call in named for word in call.keywords if word.arg == "code"}


def test_every_problem_of_a_scheme_has_its_sentence() -> None:
    assert set(SCHEME_SENTENCES) == {f"scheme_{code}" for code in _codes_of_check_scheme()}


def test_english_hint_is_the_advice_of_the_check() -> None:
    assert {sentence.en_hint for sentence in SCHEME_SENTENCES.values()} == {"{advice}"}
