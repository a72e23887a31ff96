"""Whether the kernel's clock follows a time source."""

import ctypes
import sys
from typing import Final

TIME_ERROR: Final = 5
"What `adjtimex` returns while the clock follows nothing. Source: adjtimex(2)."

_TIMEX_BYTES: Final = 256
"More than `struct timex` has (208 on 64-bit Linux); all zero: read only."


def follows_a_time_source() -> bool | None:
    """Whether it does; None where the kernel does not tell."""
    if sys.platform != "linux":
        return None
    answer = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    return None if answer < 0 else answer != TIME_ERROR
