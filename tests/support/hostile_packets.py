"""Packets that no honest seat sends, drawn with a seed: broken by chance, and by someone who knows the formats."""

import random
import secrets
import struct
from collections.abc import Callable, Sequence

from aioice import stun

from signaling import rtcp, rtp
from signaling.ice_lite import Credentials

FOREIGN_SSRCS = 300
"More than any connection is allowed; each more makes the encryption of what is sent here slower, too."
LARGEST_RTP = 1300
"What can still be encrypted and sent in a datagram."

_FEEDBACK = struct.Struct("!BBHII")
_TOLD = struct.Struct("!HHI")


class HostilePackets:
    """The same seed gives the same packets, but for transaction ids."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self._foreign = [self._bits(32) for _ in range(FOREIGN_SSRCS)]

    def _bytes(self, longest: int) -> bytes:
        return self.chance.randbytes(self.chance.randrange(longest + 1))

    def _bits(self, count: int) -> int:
        return self.chance.getrandbits(count)

    def spoiled(self, datagram: bytes) -> bytes:
        """A packet with some bytes changed, cut off, or too long."""
        spoilt = bytearray(datagram or b"\0")
        for _ in range(self.chance.randrange(1, 4)):
            spoilt[self.chance.randrange(len(spoilt))] = self._bits(8)
        match self.chance.randrange(4):
            case 0:
                return bytes(spoilt[: self.chance.randrange(len(spoilt))])
            case 1:
                return bytes(spoilt) + self._bytes(64)
            case _:
                return bytes(spoilt)

    # -- from anywhere -------------------------------------------------------------------------------------------------

    def stray(self, credentials: Credentials) -> bytes:
        """From an address that nobody knows; the credentials are those of a seat."""
        draw: Callable[[], bytes] = self.chance.choice(
            (
                lambda: self._bytes(1700),
                self.dtls,
                lambda: bytes([128 | self._bits(6)]) + self._bytes(400),
                lambda: bytes([0, 1]) + self._bytes(200),
                lambda: self.check(credentials),
            )
        )
        return draw()

    def check(self, credentials: Credentials) -> bytes:
        """A connectivity check that is not authentic: of a wrong password, a wrong name, or spoilt."""
        name = self.chance.choice((credentials.name, "", "nobody", "\u5ea7" * 100, self._bytes(40).hex()))
        request = stun.Message(
            stun.Method.BINDING,
            stun.Class.REQUEST,
            attributes={"USERNAME": f"{name}:x", "PRIORITY": self._bits(32), "ICE-CONTROLLING": self._bits(64)},
        )
        if self._bits(1):
            request.attributes["USE-CANDIDATE"] = None
        match self.chance.randrange(4):
            case 0:
                request.add_fingerprint()
            case 1:
                request.add_message_integrity(credentials.password.encode())
                return self.spoiled(bytes(request))
            case _:
                request.add_message_integrity(secrets.token_bytes(16))
        return bytes(request)

    def dtls(self) -> bytes:
        """A record out of its place: of a handshake, an alert, data, or of no kind that there is."""
        kind = self.chance.choice((20, 21, 22, 23, 24, 25, 63))
        body = self.chance.choice((b"\x01", b"\x02", b"\x0e", b"\x02\x28", b"\x01\x00")) + self._bytes(300)
        length = len(body) if self._bits(1) else self._bits(16)
        return struct.pack("!BHHHIH", kind, 0xFEFD, self._bits(1), self._bits(16), self._bits(32), length) + body

    # -- over a seat's own connection ----------------------------------------------------------------------------------

    def rtp(self, ssrcs: Sequence[int]) -> bytes:
        """A packet that the seat has not agreed to send, or one whose header lies."""
        ssrc = self.chance.choice((*ssrcs, *ssrcs, self.chance.choice(self._foreign)))
        payload_type = self.chance.choice((96, 96, 97, 111, 111, 0, 35, 127))
        packet = bytearray(
            rtp.build(
                self._payload(),
                payload_type=payload_type,
                marker=not self._bits(2),
                sequence=self._bits(16),
                timestamp=self._bits(32),
                ssrc=ssrc,
            )
        )
        packet[0] |= self.chance.choice((0, 0, 0x10, 0x10, 0x20, 0x05))
        if packet[0] & 0x10:
            packet[12:12] = self._extension()
        return bytes(packet)

    def _extension(self) -> bytes:
        profile = self.chance.choice((0xBEDE, 0xBEDE, 0x1000, self._bits(16)))
        body = self._bytes(48)
        words = -(-len(body) // 4) if self._bits(2) else self._bits(6)
        return struct.pack("!HH", profile, words) + body.ljust(4 * words if words < 40 else 0, b"\0")

    def _payload(self) -> bytes:
        """Often the beginning of a picture; its numbers and sizes are of no use."""
        begin = self.chance.choice((b"\x90\x80\x80", b"\x90\xf0", b"\xf0\xff", b"\x10\x00", b"\x80", b""))
        return begin + self._bytes(self.chance.choice((0, 2, 40, LARGEST_RTP - 100)))

    def rtcp(self, own: Sequence[int], streams: Sequence[int]) -> bytes:
        """A compound of one to three packets, some of which lie about their length."""
        draws = (self._nack, self._feedback, self._reports, self._estimate, self._loss, self._nothing)
        compound = b"".join(self.chance.choice(draws)(own, streams) for _ in range(self.chance.randrange(1, 4)))
        return compound[:LARGEST_RTP] if self._bits(3) else self.spoiled(compound[:LARGEST_RTP])

    def _nack(self, own: Sequence[int], streams: Sequence[int]) -> bytes:
        items = b"".join(struct.pack("!HH", self._bits(16), 0xFFFF) for _ in range(self.chance.choice((1, 5, 250))))
        return _FEEDBACK.pack(0x81, 205, 2 + len(items) // 4, 1, self.chance.choice(streams)) + items

    def _feedback(self, own: Sequence[int], streams: Sequence[int]) -> bytes:
        number = self.chance.choice((1, 400, 4096, 0xFFFF))
        chunks = b"".join(
            struct.pack("!H", self.chance.choice((self._bits(16), self._bits(2) << 13 | 0x1FFF)))
            for _ in range(self.chance.randrange(1, 9))
        )
        body = _TOLD.pack(self._bits(16), number, self._bits(32)) + chunks + self._bytes(600)
        body += bytes(-len(body) % 4)
        return _FEEDBACK.pack(0x8F, 205, 2 + len(body) // 4, 1, self.chance.choice(streams)) + body

    def _reports(self, own: Sequence[int], streams: Sequence[int]) -> bytes:
        blocks = tuple(
            rtcp.ReportBlock(
                ssrc=self.chance.choice(streams),
                fraction_lost=self._bits(8),
                lost=self._bits(23),
                highest=self._bits(32),
                jitter=self._bits(32),
                last_report=self._bits(32),
                delay=self._bits(32),
            )
            for _ in range(self.chance.choice((0, 1, 31)))
        )
        if self._bits(1):
            return rtcp.receiver_report(rtcp.ReceiverReport(ssrc=1, blocks=blocks))
        sent = rtcp.SenderReport(
            ssrc=self.chance.choice(own),
            ntp=self.chance.choice((0, (1 << 64) - 1, self._bits(64))),
            rtp_timestamp=self._bits(32),
            packets=self._bits(32),
            octets=self._bits(32),
            blocks=blocks[:20],
        )
        return rtcp.sender_report(sent, "hostile")

    def _estimate(self, own: Sequence[int], streams: Sequence[int]) -> bytes:
        """REMB, which we did not offer."""
        body = b"REMB" + bytes([self._bits(8)]) + self._bits(24).to_bytes(3) + self._bytes(40)
        body += bytes(-len(body) % 4)
        return _FEEDBACK.pack(0x8F, 206, 2 + len(body) // 4, 1, 0) + body

    def _loss(self, own: Sequence[int], streams: Sequence[int]) -> bytes:
        return rtcp.picture_loss(1, self.chance.choice(streams))

    def _nothing(self, own: Sequence[int], streams: Sequence[int]) -> bytes:
        """Of a type that nobody reads."""
        body = self._bytes(80)
        body += bytes(-len(body) % 4)
        kind = self.chance.choice((192, 203, 204, 205, 206, 207, 223))
        return struct.pack("!BBH", 0x80 | self._bits(5), kind, len(body) // 4) + body

    # -- by signaling --------------------------------------------------------------------------------------------------

    def answer(self, sdp: str) -> str:
        """An answer with some of its lines spoilt, doubled, swapped or gone."""
        lines = sdp.splitlines()
        for _ in range(self.chance.randrange(1, 6)):
            at = self.chance.randrange(len(lines))
            other = self.chance.randrange(len(lines))
            match self.chance.randrange(5):
                case 0:
                    del lines[at]
                case 1:
                    lines.insert(other, lines[at])
                case 2:
                    lines[at], lines[other] = lines[other], lines[at]
                case 3:
                    lines[at] = self._spoilt_text(lines[at])
                case _:
                    number = self.chance.choice(
                        ("-1", "0", "15", "96", "97", "111", "4294967296", "\u0663", "9" * 5000)
                    )
                    head, colon, _ = lines[at].partition(":")
                    lines[at] = head + colon + number
        return "\r\n".join([*lines, ""])

    def _spoilt_text(self, line: str) -> str:
        at = self.chance.randrange(len(line) + 1)
        return (
            line[:at] + chr(self.chance.choice((0, 32, 58, 0x5EA7, 0x10FFFF))) + line[at + self.chance.randrange(3) :]
        )
