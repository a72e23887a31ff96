"""Typst at work: a template and its data in, a PDF and the marked places out.

The bytes depend on the data, the templates, the fonts and Typst alone: no clock, no font of the machine. Rendering is
work for the processor and keeps Typst's own locks: callers on an event loop use a thread.
"""

import hashlib
import json
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import msgspec
import typst
from msgspec import Struct

from server.domain.ids import Millis
from server.reports.fonts import drawable, require_fonts

TEMPLATES: Final = Path(__file__).parent / "templates"


class Typeset(Struct, frozen=True, kw_only=True):
    """A document that has been set."""

    pdf: bytes
    marks: list[dict[str, Any]]
    "What the template noted under the label asked for, in order."


def typeset(template: str, document: Struct, at: Millis, *, data: bytes = b"", mark: str | None = None) -> Typeset:
    """Sets a document as PDF/A-3b.

    Args:
        template: a file of `TEMPLATES`.
        document: what it prints, as `sys.inputs.document` in JSON.
        at: the time that the file names as its own.
        data: text for the template to attach, as `sys.inputs.data`.
        mark: a label under which the template notes places.

    Raises:
        FontsMissing: `make setup` has not been run.
    """
    printed = json.dumps(_drawable(msgspec.to_builtins(document)), ensure_ascii=False)
    compiler = typst.Compiler(
        TEMPLATES / template,
        root=TEMPLATES,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"document": printed, "data": data.decode()},
    )
    pdf = compiler.compile(format="pdf", pdf_standards=["a-3b"], timestamp=at // 1000)
    if not isinstance(pdf, bytes):
        raise TypeError("a PDF is one file")
    marks = json.loads(compiler.query(f"<{mark}>", field="value")) if mark else []
    return Typeset(pdf=pdf, marks=marks)


@cache
def renderer() -> str:
    """What the bytes of a document depend on beside its data: Typst's version, the templates and the fonts."""
    digest = hashlib.sha256()
    for path in (*sorted(TEMPLATES.glob("*.typ")), *require_fonts()):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return f"typst {version('typst')}, templates and fonts sha256:{digest.hexdigest()}"


@cache
def _fonts() -> typst.Fonts:
    require_fonts()
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(path.parent) for path in require_fonts()[:1]],
    )


def _drawable(value: Any) -> Any:
    """The same with every text drawable."""
    match value:
        case str():
            return drawable(value)
        case list() | tuple():
            return [_drawable(each) for each in value]
        case dict():
            return {key: _drawable(each) for key, each in value.items()}
        case _:
            return value
