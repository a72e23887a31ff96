"""The tender files that come with the program."""

from importlib.resources import files

from server.tender.bid_files import WholeTender, whole_tender
from server.tender.file_folder import files_in
from server.tender.read import read_tender


def template_text() -> str:
    """A commented tender to start from; it reads without a mistake."""
    return _text("template.yaml")


def textbook_text() -> str:
    """The tender of the demonstration: three venues, seven members, six bids, a published worked example."""
    return _text("textbook.yaml")


def textbook() -> WholeTender:
    """The tender of the demonstration with its six bids."""
    text = read_tender(textbook_text(), name="textbook.yaml")
    return whole_tender(text, files_in(files("server.tender")))


def _text(name: str) -> str:
    return files("server.tender").joinpath(name).read_text(encoding="utf-8")
