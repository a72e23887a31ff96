import msgspec.inspect as types
import pytest

from server.tender.messages import Facts
from server.tender.scalars import (
    Fault,
    is_blank,
    is_nothing,
    nearest,
    read_choice,
    read_decimal,
    read_text,
    read_truth,
    read_whole,
    shown_node,
)
from server.tender.yaml_tree import Items, Node, Pairs, Scalar

TEXT = types.StrType(max_length=5)
LIST = Items(items=(), line=1)
MAPPING = Pairs(pairs=(), line=1)


def _plain(text: str) -> Scalar:
    return Scalar(text=text, plain=True, line=1)


def _quoted(text: str) -> Scalar:
    return Scalar(text=text, plain=False, line=1)


@pytest.mark.parametrize("text", ["", "~", "null", "Null", "NULL"])
def test_nothing_is_nothing_without_quotes(text: str) -> None:
    assert is_nothing(_plain(text))
    assert not is_nothing(_quoted(text))


@pytest.mark.parametrize("node", [_plain(""), _plain("~"), _quoted(""), _quoted("\u3000")])
def test_no_text_is_blank(node: Node) -> None:
    assert is_blank(node)


@pytest.mark.parametrize("node", [_quoted("~"), _plain("no"), LIST])
def test_anything_else_is_not_blank(node: Node) -> None:
    assert not is_blank(node)


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (_plain("no"), "no"),
        (_plain("1e3"), "1e3"),
        (_quoted("true"), "true"),
        (_quoted("null"), "null"),
        (_quoted(" \u3000王龘 "), "王龘"),
    ],
)
def test_text_is_what_is_written(node: Node, text: str) -> None:
    assert read_text(node, TEXT, {}) == text


@pytest.mark.parametrize(
    ("node", "fault"),
    [
        (LIST, Fault("not_text", {"found": "[…]"})),
        (MAPPING, Fault("not_text", {"found": "{…}"})),
        (_plain("True"), Fault("not_text", {"found": "True"})),
        (_plain("~"), Fault("text_empty", {})),
        (_quoted("\u3000 "), Fault("text_empty", {})),
        (_plain("评标委员会组长"), Fault("text_too_long", {"count": 7, "limit": 5})),
        (_quoted("王\u200b龘"), Fault("character_forbidden", {"character": "U+200B"})),
        (_quoted("王\n龘"), Fault("character_forbidden", {"character": "U+000A"})),
    ],
)
def test_what_is_no_text_is_a_fault(node: Node, fault: Fault) -> None:
    assert read_text(node, TEXT, {}) == fault


def test_text_has_a_limit_where_its_type_has_none() -> None:
    kind = types.StrType()

    assert read_text(_plain("长" * 400), kind, {}) == "长" * 400
    assert read_text(_plain("长" * 401), kind, {}) == Fault("text_too_long", {"count": 401, "limit": 400})


def test_lines_are_kept_where_they_are_allowed() -> None:
    assert read_text(_quoted("一\n二\n"), TEXT, {"lines": True}) == "一\n二"
    assert read_text(_quoted("一\t二"), TEXT, {"lines": True}) == Fault("character_forbidden", {"character": "U+0009"})


def test_form_is_named_by_its_own_code() -> None:
    kind, extra = types.StrType(pattern="^[A-Z]$"), {"code": "alias_malformed"}

    assert read_text(_plain("A"), kind, extra) == "A"
    assert read_text(_plain("AB"), kind, extra) == Fault("alias_malformed", {"found": "AB"})


@pytest.mark.parametrize("text", ["13656", "13656.00", "0", "-1.5", "0.000001"])
def test_decimal_keeps_every_digit(text: str) -> None:
    assert read_decimal(_plain(text)) == read_decimal(_quoted(text)) == text


@pytest.mark.parametrize(
    "text", ["", "13,656", "1e3", "1_000", "+1", ".5", "5.", "007", "-0", "0x10", "１３", "1 元", "NaN"]
)
def test_other_spellings_are_no_decimal(text: str) -> None:
    assert read_decimal(_plain(text)) == Fault("not_decimal", {"found": text})


def test_list_is_no_decimal() -> None:
    assert read_decimal(LIST) == Fault("not_decimal", {"found": "[…]"})


def test_whole_number_lies_within_its_type() -> None:
    kind = types.IntType(ge=1, le=6)

    assert [read_whole(_plain(text), kind) for text in ("1", "6")] == [1, 6]
    assert read_whole(_plain("7"), kind) == Fault("number_out_of_range", {"found": 7, "least": 1, "most": 6})
    assert read_whole(_plain("0"), kind) == Fault("number_out_of_range", {"found": 0, "least": 1, "most": 6})


def test_whole_number_has_nine_digits_at_most() -> None:
    assert read_whole(_plain("999999999"), types.IntType()) == 999_999_999
    assert read_whole(_plain("1000000000"), types.IntType()) == Fault("not_whole_number", {"found": "1000000000"})


@pytest.mark.parametrize("node", [_quoted("15"), _plain("15.0"), _plain("-1"), LIST])
def test_what_is_no_whole_number_is_a_fault(node: Node) -> None:
    assert read_whole(node, types.IntType()) == Fault("not_whole_number", {"found": shown_node(node)})


def test_truth_has_one_spelling() -> None:
    assert [read_truth(_plain("true")), read_truth(_plain("false"))] == [True, False]


@pytest.mark.parametrize("node", [_plain("yes"), _plain("True"), _quoted("true"), MAPPING])
def test_other_spellings_are_no_truth(node: Node) -> None:
    assert read_truth(node) == Fault("not_true_or_false", {"found": shown_node(node)})


def test_choice_is_one_of_the_words() -> None:
    assert read_choice(_plain("expert"), ["expert", "agent"]) == "expert"


@pytest.mark.parametrize(
    ("node", "expected"), [(_plain("Exprt"), "expert"), (_plain("专家"), "expert / agent"), (LIST, "expert / agent")]
)
def test_wrong_choice_is_told_the_right_one(node: Node, expected: str) -> None:
    facts: Facts = {"found": shown_node(node), "expected": expected}

    assert read_choice(node, ["expert", "agent"]) == Fault("unknown_choice", facts)


def test_nearest_is_the_word_meant_else_all() -> None:
    assert [nearest("TITEL", ["title", "lots"]), nearest("标题", ["title", "lots"])] == ["title", "title / lots"]
