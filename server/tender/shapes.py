"""A tree held against the structs of the format: plain values for msgspec, and every mistake of form.

Whatever a struct says (keys, defaults, limits, tags) is read from the struct, so format and reader cannot drift apart.
Nothing stops at the first mistake; the parts that have none can be judged further while others are broken.
"""

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec.inspect as types

from server.domain.commands import TEXT_LIMIT
from server.tender.messages import Facts
from server.tender.mistakes import Mistake, mistake
from server.tender.reading import Place, Reading
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
from server.tender.shown import shown_text
from server.tender.yaml_tree import Items, Node, Pairs, Scalar

_NO_EXTRA: Final[Mapping[str, object]] = {}


def shape(tree: Node, kind: type, *, last_line: int) -> Reading:
    """The tree as far as it is of this type."""
    shaper = _Shaper()
    shaper.place("", tree, types.type_info(kind), tree.line)
    return Reading(shaper.places, shaper.mistakes, last_line)


class _Shaper:
    """Collects places and mistakes on the way down."""

    def __init__(self) -> None:
        self.places: dict[str, Place] = {}
        self.mistakes: list[Mistake] = []

    def place(self, path: str, node: Node, kind: types.Type, line: int) -> object:
        """Notes a node at its path and gives its plain value; None where it has mistakes of its own."""
        self.places[path] = Place(line, None)
        value = self._value(path, node, kind, _NO_EXTRA)
        if isinstance(value, Fault):
            self._note(path, value.code, value.facts)
            return None
        self.places[path] = Place(line, value)
        return value

    def _note(self, path: str, code: str, facts: Facts, *, line: int | None = None) -> None:
        at = self.places[path].line if line is None else line
        self.mistakes.append(mistake(path, at, code, facts))

    def _value(self, path: str, node: Node, kind: types.Type, extra: Mapping[str, object]) -> object | Fault:
        match kind:
            case types.Metadata():
                return self._value(path, node, kind.type, kind.extra or extra)
            case types.UnionType():
                return self._union(path, node, kind)
            case types.StructType():
                return self._struct(path, node, kind)
            case types.DictType():
                return self._dict(path, node, kind)
            case types.VarTupleType():
                return self._items(path, node, kind)
            case _:
                return _scalar(node, kind, extra)

    def _union(self, path: str, node: Node, kind: types.UnionType) -> object | Fault:
        """One of several tagged structs, or one type that may be left empty."""
        if is_nothing(node) and any(isinstance(one, types.NoneType) for one in kind.types):
            return None
        others = [one for one in kind.types if not isinstance(one, types.NoneType)]
        tagged = {str(one.tag): one for one in others if isinstance(one, types.StructType)}
        if len(others) == 1:
            return self._value(path, node, others[0], _NO_EXTRA)
        if not isinstance(node, Pairs):
            return Fault("not_mapping", {"found": shown_node(node)})
        tag_field = str(next(iter(tagged.values())).tag_field)
        written = next((value for key, value in node.pairs if key.text == tag_field), None)
        if written is None:
            self._note(_join(path, tag_field), "missing_key", {"key": tag_field}, line=self.places[path].line)
            return None
        tag = read_choice(written, list(tagged))
        if isinstance(tag, Fault):
            self._note(_join(path, tag_field), tag.code, tag.facts, line=written.line)
            return None
        return self._struct(path, node, tagged[tag])

    def _struct(self, path: str, node: Node, kind: types.StructType) -> object | Fault:
        fields = {field.encode_name: field for field in kind.fields}
        known = [*fields, *([kind.tag_field] if kind.tag_field else [])]
        if not isinstance(node, Pairs):
            return Fault("not_mapping", {"found": shown_node(node)})
        values: dict[str, object] = {}
        for name, child_path, key, child in self._unrepeated(path, node):
            if name in fields and fields[name].default == "" and is_blank(child):
                continue  # as if the key had been left out
            if name in fields:
                values[name] = self.place(child_path, child, fields[name].type, key.line)
            elif name == kind.tag_field:
                values[name] = self.place(child_path, child, types.LiteralType((str(kind.tag),)), key.line)
            else:
                facts: Facts = {"key": shown_text(name), "expected": nearest(name, known)}
                self._note(child_path, "unknown_key", facts, line=key.line)
        for name, field in fields.items():
            if field.required and name not in values:
                self._note(_join(path, name), "missing_key", {"key": name}, line=self.places[path].line)
        return values

    def _dict(self, path: str, node: Node, kind: types.DictType) -> object | Fault:
        if not isinstance(node, Pairs):
            return Fault("not_mapping", {"found": shown_node(node)})
        values: dict[str, object] = {}
        for name, child_path, key, child in self._unrepeated(path, node):
            values[name] = self.place(child_path, child, kind.value_type, key.line)
            checked = self._value(child_path, key, kind.key_type, _NO_EXTRA)
            if isinstance(checked, Fault):
                self._note(child_path, checked.code, checked.facts, line=key.line)
        self._check_count(path, len(values), kind)
        return values

    def _items(self, path: str, node: Node, kind: types.VarTupleType) -> object | Fault:
        if not isinstance(node, Items):
            return Fault("not_list", {"found": shown_node(node)})
        self._check_count(path, len(node.items), kind)
        return [self.place(f"{path}[{at}]", item, kind.item_type, item.line) for at, item in enumerate(node.items)]

    def _unrepeated(self, path: str, node: Pairs) -> Iterator[tuple[str, str, Scalar, Node]]:
        """Each key once: its name, the path of its value, itself, and its value; one that comes again is a mistake."""
        first_lines: dict[str, int] = {}
        for key, child in node.pairs:
            name = shown_text(key.text.strip(), TEXT_LIMIT)
            child_path = _join(path, name)
            if name in first_lines:
                facts: Facts = {"key": shown_text(name), "first_line": first_lines[name]}
                self._note(child_path, "duplicate_key", facts, line=key.line)
            else:
                first_lines[name] = key.line
                yield name, child_path, key, child

    def _check_count(self, path: str, count: int, kind: types.DictType | types.VarTupleType) -> None:
        if kind.max_length is not None and count > kind.max_length:
            self._note(path, "too_many", {"count": count, "limit": kind.max_length})
        if kind.min_length is not None and count < kind.min_length:
            self._note(path, "too_few", {"count": count, "least": kind.min_length})


def _scalar(node: Node, kind: types.Type, extra: Mapping[str, object]) -> object | Fault:
    match kind:
        case types.StrType():
            return read_decimal(node) if extra.get("decimal") else read_text(node, kind, extra)
        case types.DecimalType():
            return read_decimal(node)
        case types.IntType():
            return read_whole(node, kind)
        case types.BoolType():
            return read_truth(node)
        case types.EnumType():
            return read_choice(node, [str(one.value) for one in kind.cls])
        case types.LiteralType():
            return read_choice(node, [str(one) for one in kind.values])
        case _:
            raise TypeError(f"the format of tender files has no {kind}")


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
