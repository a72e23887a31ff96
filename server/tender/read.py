"""Reads a tender file: a whole tender, or every mistake at once.

In stages, each of which sees all there is to see: the text becomes a tree (`yaml_tree`), the tree is held against the
structs of the format (`shapes`), and the rules (`*_rules`) judge every part that has the right form. The files of the
bids come after that, in `bid_files`.
"""

from collections.abc import Iterator

from server.tender.bid_file_rules import bid_file_mistakes
from server.tender.bid_files import NamedFile, TenderText
from server.tender.file_rules import file_mistakes
from server.tender.lot_rules import lot_mistakes
from server.tender.mistakes import Mistake, TenderRefused, mistake
from server.tender.people_rules import people_mistakes
from server.tender.reading import Reading
from server.tender.scalars import is_nothing
from server.tender.shapes import shape
from server.tender.tender_file import SIZE_LIMIT, Tender
from server.tender.yaml_tree import Pairs, Unreadable, tree_of


def tender_text(data: bytes, *, name: str = "tender.yaml") -> str:
    """The text of a file's bytes.

    Raises:
        TenderRefused: they are no UTF-8. No other encoding is guessed: a name read wrongly would be a wrong name.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise TenderRefused(name, [mistake("", line, "not_utf8")]) from error


def read_tender(text: str, *, name: str = "tender.yaml") -> TenderText:
    """The tender that a YAML or JSON text states, and where it names which files: ready for `whole_tender`.

    A text of the largest size takes several seconds; call it where waiting hurts nobody.

    Args:
        text: the whole file.
        name: how the refusal calls the file.

    Raises:
        TenderRefused: with every mistake, by line. What cannot be read at all comes alone.
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > SIZE_LIMIT:
        raise TenderRefused(name, [mistake("", 1, "file_too_large", {"size": size, "limit": SIZE_LIMIT})])
    try:
        tree = tree_of(text)
    except Unreadable as error:
        raise TenderRefused(name, error.mistakes) from error
    if is_nothing(tree):
        raise TenderRefused(name, [mistake("", 1, "file_empty")])
    reading = shape(tree, Tender, last_line=len(text.splitlines()))
    mistakes: list[Mistake] = list(reading.mistakes)
    if isinstance(tree, Pairs):
        rules = (file_mistakes, people_mistakes, lot_mistakes, bid_file_mistakes)
        mistakes += [found for rule in rules for found in rule(reading)]
    tender = reading.part("", Tender)
    if mistakes or tender is None:
        raise TenderRefused(name, mistakes)
    return TenderText(name=name, tender=tender, files=tuple(_named_files(tender, reading)))


def _named_files(tender: Tender, reading: Reading) -> Iterator[NamedFile]:
    for lot_id, lot in tender.lots.items():
        for alias, bid in lot.bids.items():
            for at, entry in enumerate(bid.files):
                path = f"lots.{lot_id}.bids.{alias}.files[{at}].file"
                line = reading.line(path)
                yield NamedFile(lot=lot_id, bid=alias, title=entry.title, name=entry.file, path=path, line=line)
