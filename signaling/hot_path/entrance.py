"""Where a seat's packets come in: decrypted in place, as long as they may be the seat's and are not too many."""

from collections.abc import Mapping
from typing import Any

from signaling.hot_path.library import ffi, lib
from signaling.messages import DropReason

MOST_SSRCS = int(lib.MOST_SOURCES)
"Of one connection for good: the SRTP library keeps something for each. Layers, repeats and all tracks are some twenty."

HEARD = int(lib.HEARD)
"It was transport-wide feedback, and nothing is left to be done about it."

_REASONS: Mapping[int, DropReason] = {
    int(lib.TOO_EARLY): "too_early",
    int(lib.TOO_MANY_SOURCES): "too_many_sources",
    int(lib.FORGED): "forged",
    int(lib.TOO_MANY): "too_many",
    int(lib.MALFORMED): "malformed",
    int(lib.NOT_AGREED): "not_agreed",
}


class Entrance:
    """Closed until `decrypt_with` tells how.

    Args:
        packets_per_s: of RTP, as many at once.
        control_per_s: of RTCP, as many at once, in what a small one costs.
    """

    def __init__(self, packets_per_s: float, control_per_s: float) -> None:
        self.pointer: Any = ffi.new("struct entrance *")
        self._kept: list[object] = []  # what is pointed to
        self.allow(packets_per_s, control_per_s)

    def allow(self, packets_per_s: float, control_per_s: float) -> None:
        """Begin to reckon anew, with these limits."""
        for allowance, per_s in ((self.pointer.packets, packets_per_s), (self.pointer.control, control_per_s)):
            allowance.per_s = allowance.reserve = allowance.left = per_s
            allowance.at = -1.0

    def decrypt_with(self, unprotect: int, unprotect_control: int, session: int, owner: object) -> None:
        """Use functions as libsrtp's `srtp_unprotect` and `srtp_unprotect_rtcp`.

        Args:
            unprotect: the address of the one for RTP.
            unprotect_control: of the one for RTCP.
            session: the address of what both take first.
            owner: lives as long as the session has to.
        """
        self._kept.append(owner)
        kind = "int (*)(void *, void *, int *)"
        self.pointer.unprotect = ffi.cast(kind, unprotect)
        self.pointer.unprotect_control = ffi.cast(kind, unprotect_control)
        self.pointer.session = ffi.cast("void *", session)

    def tell(self, sent: Any, trend: Any, news: Any, tick_s: float) -> None:
        """Have these hear what is told of packets to the seat: structs `sent`, `trend` and `news`."""
        self._kept += sent, trend, news
        self.pointer.sent, self.pointer.trend, self.pointer.news, self.pointer.tick_s = sent, trend, news, tick_s

    def lead_to(self, intake: Any) -> None:
        """Have packets go on to a `struct intake`."""
        self._kept.append(intake)
        self.pointer.intake = intake

    def enter_control(self, datagram: Any, length: int, now: float) -> int:
        """Decrypt RTCP in place; the size of the packet, below 0 why it is dropped (see `reason`), or `HEARD`."""
        return int(lib.enter_control(self.pointer, datagram, length, now))

    def owe(self, more: float) -> None:
        """RTCP that has come has cost so much more than a small one: nothing is taken until that has come back."""
        self.pointer.control.left -= more

    def has_had(self, ssrc: bytes) -> bool:
        """Whether a packet under this SSRC has been decrypted."""
        return bool(lib.has_entered(self.pointer, int.from_bytes(ssrc)))


def reason(result: int) -> DropReason:
    """What a result below 0 says."""
    return _REASONS[result]
