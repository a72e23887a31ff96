"""What runs for every packet and listener, as Python calls it; `make setup` compiles it from the C beside it.

It is called through cffi's ABI mode, so that it needs a C compiler, but nothing of Python's own headers.
"""

from pathlib import Path
from typing import Any

import cffi  # type: ignore[import-untyped]

_FOLDER = Path(__file__).parent
LIBRARY = _FOLDER / "hot_path.so"


ffi: Any = cffi.FFI()
ffi.cdef((_FOLDER / "hot_path.h").read_text())


def _open() -> Any:
    try:
        return ffi.dlopen(str(LIBRARY))
    except OSError as error:
        raise ImportError("signaling/hot_path/hot_path.so is not there; run: make build") from error


lib = _open()

SLOTS = int(lib.SLOTS)
SLOT_BYTES = int(lib.SLOT_BYTES)
NAME_BYTES = int(lib.NAME_BYTES)
CONTROL_BYTES = int(lib.CONTROL_BYTES)
GROUPS = int(lib.GROUPS)
