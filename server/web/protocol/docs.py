"""What the source says of a type and of its fields: docstrings, and the bare strings under fields."""

import ast
import inspect
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from types import ModuleType
from typing import Any


def doc_of(named: Any) -> str:
    """The docstring of a class, or the string under a `NewType`; empty without one."""
    if isinstance(named, type):
        node = _classes(_module(named)).get(named.__name__)
        return (ast.get_docstring(node) or "") if node else ""
    return _strings_under(_tree(_module(named)).body).get(named.__name__, "")


def field_docs(named: type) -> dict[str, str]:
    """The strings under the fields of a struct or the members of an enum, by name."""
    node = _classes(_module(named)).get(named.__name__)
    return _strings_under(node.body) if node else {}


def _module(named: Any) -> ModuleType:
    return sys.modules[named.__module__]


@cache
def _tree(module: ModuleType) -> ast.Module:
    return ast.parse(inspect.getsource(module))


@cache
def _classes(module: ModuleType) -> dict[str, ast.ClassDef]:
    return {node.name: node for node in _tree(module).body if isinstance(node, ast.ClassDef)}


def _strings_under(body: Iterable[ast.stmt]) -> dict[str, str]:
    """Each name that is assigned or annotated and followed by a bare string."""
    return {
        name: inspect.cleandoc(below.value.value)
        for above, below in pairwise(body)
        for name in _names(above)
        if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant) and isinstance(below.value.value, str)
    }


def _names(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
            yield name
