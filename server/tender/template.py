"""The tender files that come with the program."""

from importlib.resources import files


def template_text() -> str:
    """A commented tender to start from; it reads without a mistake."""
    return _text("template.yaml")


def textbook_text() -> str:
    """The tender of the demonstration: three venues, seven members, six bids, a published worked example."""
    return _text("textbook.yaml")


def _text(name: str) -> str:
    return files("server.tender").joinpath(name).read_text(encoding="utf-8")
