"""Files beside a tender file."""

from importlib.resources.abc import Traversable

from server.tender.bid_files import FILE_SIZE_LIMIT, LoadFile


def files_in(folder: Traversable) -> LoadFile:
    """Loads the files of a folder by their way from there; of one that is too large, only what shows that it is."""

    def load(name: str) -> bytes:
        with folder.joinpath(*name.split("/")).open("rb") as file:
            return file.read(FILE_SIZE_LIMIT + 1)

    return load
