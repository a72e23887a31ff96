"""A small file put whole on the disk, in place of what was there."""

import os
import tempfile
from pathlib import Path


def put_whole(path: Path, data: bytes) -> None:
    """After a crash the old or the new content stands there, never a part; readable by this account alone.

    Raises:
        OSError: the disk is full, or refuses; what was there stands as it was.
    """
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as draft:  # mode 0600
        try:
            draft.write(data)
            draft.flush()
            os.fsync(draft.fileno())
            Path(draft.name).replace(path)
        except BaseException:
            Path(draft.name).unlink(missing_ok=True)
            raise
    for folder in (path.parent, path.parent.parent):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
