import pytest

from server.tender.mistakes import Mistake
from server.tender.yaml_tree import DEPTH_LIMIT, Items, Pairs, Scalar, Unreadable, tree_of


def _mistakes(text: str) -> list[Mistake]:
    with pytest.raises(Unreadable) as caught:
        tree_of(text)
    return list(caught.value.mistakes)


def _found(text: str) -> list[tuple[int, str]]:
    return [(one.line, one.code) for one in _mistakes(text)]


def _plain(text: str, line: int = 1) -> Scalar:
    return Scalar(text=text, plain=True, line=line)


def test_scalars_stay_as_they_are_written() -> None:
    tree = tree_of("- no\n- 2.50\n- 2025-01-01\n- ~\n- 'x'\n-\n")

    assert tree == Items(
        items=(
            _plain("no", 1),
            _plain("2.50", 2),
            _plain("2025-01-01", 3),
            _plain("~", 4),
            Scalar(text="x", plain=False, line=5),
            _plain("", 6),
        ),
        line=1,
    )


def test_repeated_keys_stay_in_the_tree() -> None:
    assert tree_of("a: 1\na: 2\n") == Pairs(
        pairs=((_plain("a", 1), _plain("1", 1)), (_plain("a", 2), _plain("2", 2))), line=1
    )


def test_json_is_read_with_tabs_and_escapes() -> None:
    tree = tree_of('{\n\t"name":\t"\\u8d75\\ud873\\udc56\\/",\n\t"n":[1,true]}')

    assert tree == Pairs(
        pairs=(
            (Scalar(text="name", plain=False, line=2), Scalar(text="赵𬱖/", plain=False, line=2)),
            (
                Scalar(text="n", plain=False, line=3),
                Items(items=(_plain("1", 3), _plain("true", 3)), line=3),
            ),
        ),
        line=1,
    )


@pytest.mark.parametrize("text", ["\ufeffa: 1", "a: 1\r\n", "---\na: 1\n...\n"])
def test_marks_of_editors_and_documents_change_nothing(text: str) -> None:
    tree = tree_of(text)

    assert isinstance(tree, Pairs)
    assert [(key.text, value.text) for key, value in tree.pairs if isinstance(value, Scalar)] == [("a", "1")]


def test_half_a_character_is_replaced() -> None:
    assert tree_of('"\\ud873x"') == Scalar(text="\ufffdx", plain=False, line=1)


@pytest.mark.parametrize("text", ["", "\n# 只有注释\n"])
def test_file_without_content_is_an_empty_scalar(text: str) -> None:
    assert tree_of(text) == _plain("")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\n b: 2\n", 2),
        ("a: [1, 2\n", 1),
        ('a: 1\nb: "x\n', 2),
        ("标题：某项目\n内容: 1\n", 2),
        ("a: b: c", 1),
        ('{"a": 1,\n "b": {"c": [', 2),
        ("a: 1\nb: @x\n", 2),
        ('a: 1\nb: "\\UFFFFFFFF"\n', 2),
    ],
)
def test_wrong_syntax_comes_alone_with_its_line(text: str, line: int) -> None:
    assert _found(text) == [(line, "syntax")]


def test_character_that_no_text_may_hold_is_found_in_its_line() -> None:
    mistakes = _mistakes("a: 1\nb: x\x07\n")

    assert [(one.line, one.code, one.facts) for one in mistakes] == [
        (2, "character_forbidden", {"character": "U+0007"})
    ]


def test_all_that_is_no_plain_data_is_refused_at_once() -> None:
    text = "%YAML 1.1\n---\na: &x 1\nb: *x\nc: !!python/name:os.system 1\n? [k]\n: 1\nd: &y [1]\n---\nz: 1\n"

    mistakes = _mistakes(text)

    assert [(one.line, one.code) for one in mistakes] == [
        (2, "yaml_directive"),
        (3, "yaml_anchor"),
        (4, "yaml_alias"),
        (5, "yaml_tag"),
        (6, "yaml_key"),
        (8, "yaml_anchor"),
        (9, "yaml_documents"),
    ]
    assert mistakes[1].facts == mistakes[2].facts == {"name": "x"}


def test_bomb_of_aliases_is_never_unfolded() -> None:
    rows = [f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 9)}]" for at in range(1, 30)]

    codes = {code for _, code in _found("\n".join(["a0: &a0 x", *rows]))}

    assert codes == {"yaml_alias", "yaml_anchor"}


def test_depth_is_limited() -> None:
    fitting = DEPTH_LIMIT - 1

    assert isinstance(tree_of("[" * fitting + "x" + "]" * fitting), Items)
    assert _found("[" * 200) == [(1, "yaml_too_deep")]
