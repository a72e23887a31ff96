"""What reading a PDF may raise when somebody has damaged it, or made it to do harm.

pyHanko, asn1crypto and `cryptography` raise some forty classes without a common root, and more with each version. A
verdict must be given on any bytes, so over bytes from outside every exception means the same: this cannot be read.
"""

from typing import Final

UNREADABLE: Final = Exception


def told(error: Exception) -> str:
    """What was wrong, in a line: for a finding's detail."""
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
