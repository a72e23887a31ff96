"""Somebody who sends what nobody should: from strange addresses, and over the own connection of a seat."""

import socket
from collections import Counter, deque

import pylibsrtp

from signaling.ice_lite import Credentials
from signaling.scripted.scripted_peer import ScriptedPeer
from tests.support.hostile_packets import HostilePackets

STRANGERS = 8
KEPT = 200
"Of the own encrypted packets, to be sent again."


class Siege:
    """Against one port; it knows a seat's password and has a seat of its own.

    Args:
        seed: of all that is sent.
        port: the media port on 127.0.0.1.
        seat: its own, connected.
    """

    def __init__(self, seed: int, port: int, seat: ScriptedPeer) -> None:
        self.packets = HostilePackets(seed)
        self.sent: Counter[str] = Counter()
        self.seat = seat
        self._port = port
        self._strangers = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(STRANGERS)]
        self._sealed: deque[bytes] = deque(maxlen=KEPT)
        for stranger in self._strangers:
            stranger.setblocking(False)
        if seat._playing is not None:  # the film would need the numbers that are sent here
            seat._playing.cancel()

    @property
    def count(self) -> int:
        """Of the packets sent so far."""
        return sum(self.sent.values())

    def send(self) -> None:
        """One packet of any kind."""
        kinds = {"stray": 3, "check": 2, "rtp": 6, "rtcp": 5, "forged": 2, "replayed": 2, "dtls": 1}
        (kind,) = self.packets.chance.choices(tuple(kinds), tuple(kinds.values()))
        self.sent[kind] += 1
        match kind:
            case "stray":
                self._from_stranger(self.packets.stray(self._credentials))
            case "check":
                self._raw(self.packets.check(self._credentials))
            case "rtp":
                self._seal(self.packets.rtp(self._own))
            case "rtcp":
                self._seal(self.packets.rtcp(self._own, self._streams))
            case "forged":
                self._raw(self.packets.spoiled(self._old))
            case "replayed":
                self._raw(self._old)
            case _:
                self._raw(self.packets.dtls())

    @property
    def _credentials(self) -> Credentials:
        return self.seat.connection._server

    @property
    def _own(self) -> list[int]:
        return [player.ssrc for player in self.seat.players.values()]

    @property
    def _streams(self) -> list[int]:
        offered = self.seat._offered
        return [*offered.streams, *offered.repeats, 7] if offered is not None else [7]

    @property
    def _old(self) -> bytes:
        return self.packets.chance.choice(self._sealed) if self._sealed else b"\x80" * 40

    def _seal(self, packet: bytes) -> None:
        try:
            sealed = self.seat.connection._dtls.seal(packet)
        except (pylibsrtp.Error, ValueError, IndexError):  # a header that our own library takes for no packet
            sealed = packet
        self._sealed.append(sealed)
        self._raw(sealed)

    def _raw(self, datagram: bytes) -> None:
        self.seat.connection._put(datagram)

    def _from_stranger(self, datagram: bytes) -> None:
        self.packets.chance.choice(self._strangers).sendto(datagram, ("127.0.0.1", self._port))

    def close(self) -> None:
        """Give up."""
        for stranger in self._strangers:
            stranger.close()
