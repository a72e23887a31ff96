"""The PDFs that a tender names, looked at before anything is created.

`read_tender` judges the text alone; here every file is judged by its bytes, and a mistake stands at the line that names
the file. A name says nothing about what is in a file, so it is not asked.
"""

from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import Final

from msgspec import Struct

from server.domain.ids import BidAlias, Digest, LotId
from server.domain.plan import DocumentFile
from server.tender.messages import Facts
from server.tender.mistakes import Mistake, TenderRefused, mistake
from server.tender.shown import shown_text
from server.tender.tender_file import Tender

MB: Final = 1024 * 1024
FILE_SIZE_LIMIT: Final = 20 * MB
"Bytes of one file."
FILES_SIZE_LIMIT: Final = 200 * MB
"Bytes of all files together."
_TAIL: Final = 1024
"Bytes at the end in which `%%EOF` is looked for. Source: ISO 32000-1, Annex H, implementation note 18."

LoadFile = Callable[[str], bytes]
"""The bytes of a file by the name it has in the tender; of one that is too large, the first `FILE_SIZE_LIMIT + 1` do.

Raises:
    FileNotFoundError: there is none.
    OSError: it cannot be read.
"""


class NamedFile(Struct, frozen=True, kw_only=True):
    """A file that a tender names, and where."""

    lot: LotId
    bid: BidAlias
    title: str
    name: str
    path: str
    "In the tender file, such as `lots.L1.bids.A.files[0].file`."
    line: int


class TenderText(Struct, frozen=True, kw_only=True):
    """A tender whose text is whole; its files have not been looked at."""

    name: str
    "How a refusal calls the tender file."
    tender: Tender
    files: tuple[NamedFile, ...]


class WholeTender(Struct, frozen=True, kw_only=True):
    """A tender with the files of its bids: all that a room is opened with."""

    tender: Tender
    documents: Mapping[str, DocumentFile]
    "By the name in the tender, as they were when they were looked at."
    load: LoadFile


def whole_tender(text: TenderText, load: LoadFile) -> WholeTender:
    """Look at every file of a tender, one at a time.

    Raises:
        TenderRefused: with every mistake, by line.
    """
    look = _Look(text)
    mistakes = [found for file in text.files for found in look.at(file, load)]
    if mistakes:
        raise TenderRefused(text.name, mistakes)
    return WholeTender(tender=text.tender, documents=look.documents, load=load)


class _Look:
    """The files seen so far."""

    def __init__(self, text: TenderText) -> None:
        self.documents: dict[str, DocumentFile] = {}
        self._tender = text.tender
        self._first: dict[Digest, NamedFile] = {}
        self._size = 0

    def at(self, file: NamedFile, load: LoadFile) -> Iterator[Mistake]:
        """Mistakes of one file, alone and beside the others."""
        try:
            data = load(file.name)
        except FileNotFoundError:
            yield _mistake(file, "bid_file_missing")
            return
        except OSError as error:
            yield _mistake(file, "bid_file_unreadable", {"problem": shown_text(error.strerror or str(error))})
            return
        if len(data) > FILE_SIZE_LIMIT:
            yield _mistake(file, "bid_file_too_large", {"limit_mb": FILE_SIZE_LIMIT // MB})
        elif fault := pdf_fault(data):
            yield _mistake(file, fault)
        yield from self._beside_the_others(file, data)

    def _beside_the_others(self, file: NamedFile, data: bytes) -> Iterator[Mistake]:
        document = DocumentFile(sha256=Digest(sha256(data).hexdigest()), size=len(data))
        first = self._first.setdefault(document.sha256, file)
        if data and first is not file and not self._may_share(first, file):
            yield _mistake(file, "bid_file_same_content", {"first": shown_text(first.name), "first_line": first.line})
        if file.name in self.documents:
            return
        self.documents[file.name] = document
        before, self._size = self._size, self._size + document.size
        if before <= FILES_SIZE_LIMIT < self._size:
            yield _mistake(file, "bid_files_too_large", {"limit_mb": FILES_SIZE_LIMIT // MB})

    def _may_share(self, one: NamedFile, other: NamedFile) -> bool:
        """A bidder on several lots hands in the same proofs for each."""
        bidders = [self._tender.lots[each.lot].bids[each.bid].bidder for each in (one, other)]
        return one.lot != other.lot and bidders[0] == bidders[1]


def pdf_fault(data: bytes) -> str | None:
    """The code of what is wrong with the bytes of a PDF, as far as its beginning and end tell."""
    if not data:
        return "bid_file_empty"
    if not data.startswith(b"%PDF-"):
        return "bid_file_no_pdf"
    return None if b"%%EOF" in data[-_TAIL:] else "bid_file_cut_off"


def _mistake(file: NamedFile, code: str, facts: Facts | None = None) -> Mistake:
    return mistake(file.path, file.line, code, {"file": shown_text(file.name), **(facts or {})})
