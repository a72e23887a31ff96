"""The compiled fan-out as Python calls it; `make setup` compiles it from `fan_out.c`.

It is called through cffi's ABI mode, so that it needs a C compiler, but nothing of Python's own headers.
"""

from pathlib import Path
from typing import Any

import cffi  # type: ignore[import-untyped]

_FOLDER = Path(__file__).parent
LIBRARY = _FOLDER / "fan_out.so"

SLOTS = 128
SLOT_BYTES = 2048
NAME_BYTES = 28
GROUPS = 1024

ffi: Any = cffi.FFI()
ffi.cdef((_FOLDER / "fan_out.h").read_text())


def _open() -> Any:
    try:
        return ffi.dlopen(str(LIBRARY))
    except OSError as error:
        raise ImportError("signaling/fan_out/fan_out.so is not there; run: make build") from error


lib = _open()
assert (lib.SLOTS, lib.SLOT_BYTES, lib.NAME_BYTES, lib.GROUPS) == (SLOTS, SLOT_BYTES, NAME_BYTES, GROUPS)
