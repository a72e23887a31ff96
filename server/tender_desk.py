"""A tender file on an operator's own disk, with the PDFs that lie beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec.structs import replace
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from server.tender.bid_files import LoadFile, WholeTender, whole_tender
from server.tender.file_folder import files_in
from server.tender.read import read_tender, tender_text
from server.words import words


def read_tender_file(path: Path, console: Console) -> WholeTender:
    """The tender of a file and the files it names, each looked at; a bar tells how far that is.

    Raises:
        TenderRefused: with every mistake of the text, or, where the text has none, of the files.
        OSError: the tender file itself cannot be read.
    """
    text = read_tender(tender_text(path.read_bytes(), name=path.name), name=path.name)
    load = files_in(path.parent)
    title = words("检查投标文件", "Looking at the bids' files")
    with telling(load, len(text.files), title, console) as load_and_tell:
        whole = whole_tender(text, load_and_tell)
    return replace(whole, load=load)


@contextmanager
def telling(load: LoadFile, count: int, title: str, console: Console) -> Iterator[LoadFile]:
    """Loads files and shows a bar on a terminal, which goes when the work ends."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    is_shown = console.is_terminal and count > 0
    with Progress(*columns, console=console, transient=True, disable=not is_shown) as progress:
        task = progress.add_task(title, total=count)

        def load_and_tell(name: str) -> bytes:
            data = load(name)
            progress.advance(task)
            return data

        yield load_and_tell
