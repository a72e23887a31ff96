"""The last packets of a track, kept once for all its listeners, to answer their NACKs."""

from signaling.hot_path.library import lib
from signaling.rtp import RtpPacket

SIZE = int(lib.KEPT)
"About 2.5 s of video at 200 packets/s; a later NACK comes too late to help. A power of two."


class PacketHistory:
    """A ring over unwrapped sequence numbers."""

    def __init__(self) -> None:
        self._ring: list[tuple[int, RtpPacket] | None] = [None] * SIZE

    def keep(self, index: int, packet: RtpPacket) -> None:
        """Remember a packet in place of the one `SIZE` before it."""
        self._ring[index % SIZE] = (index, packet)

    def find(self, index: int) -> RtpPacket | None:
        """The packet with this number, unless it never came or is too old."""
        entry = self._ring[index % SIZE]
        return entry[1] if entry is not None and entry[0] == index else None
