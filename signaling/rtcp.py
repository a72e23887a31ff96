"""RTCP: the few packets a forwarder reads and writes. Unknown ones are skipped.

Source: RFC 3550, 6.4-6.6 (reports, SDES); RFC 4585, 6.2.1 (NACK), 6.3.1 (picture loss); RFC 5506 (reduced size).
What transport-wide feedback tells is written in `transport_feedback.py`, and read in `downlink.py`.
"""

import struct
from collections.abc import Iterable, Iterator
from enum import IntEnum
from itertools import islice

import msgspec

from signaling.hot_path.library import lib
from signaling.rtp import BadPacket


class PacketType(IntEnum):
    """The RTCP packet types we read or write."""

    SENDER_REPORT = 200
    RECEIVER_REPORT = 201
    SDES = 202
    TRANSPORT_FEEDBACK = 205
    PAYLOAD_FEEDBACK = 206


_GENERIC_NACK = 1
_TRANSPORT_WIDE = 15
_PICTURE_LOSS = 1
_CNAME = 1

_HEADER = struct.Struct("!BBH")
_SENDER = struct.Struct("!IQIII")
_BLOCK = struct.Struct("!IIIIII")
_FEEDBACK = struct.Struct("!II")
_NACK_ITEM = struct.Struct("!HH")
COMPOUND_BYTES = 1100
"Reports are packed into datagrams of at most this size."
NUMBERS_LIKE_A_PACKET = int(lib.NUMBERS_LIKE_A_PACKET)
"To look up so many packets costs about as much as to decrypt and to read one."
MOST_LOST = 512
"Numbers of one NACK that are looked at: more than these are no longer kept by anybody (`packet_history.py`)."
NTP_FRACTION = 1 << 32
"NTP timestamps count seconds since 1900 in units of 1/2**32 s."


class ReportBlock(msgspec.Struct, frozen=True, kw_only=True):
    """How one stream arrived at the reporter."""

    ssrc: int
    fraction_lost: int
    "Of 256, since the last report."
    lost: int
    "Since the start; may be negative after duplicates."
    highest: int
    "Extended highest sequence number, 32 bits."
    jitter: int
    "In units of the stream's clock."
    last_report: int
    "Middle 32 bits of the NTP time in the last sender report, 0 if none."
    delay: int
    "Since that report, in 1/65536 s."


class SenderReport(msgspec.Struct, frozen=True, kw_only=True):
    """Where a stream's clock stands against its sender's wall clock."""

    ssrc: int
    ntp: int
    rtp_timestamp: int
    packets: int
    octets: int
    blocks: tuple[ReportBlock, ...] = ()


class ReceiverReport(msgspec.Struct, frozen=True, kw_only=True):
    """Reports of one that sends nothing itself."""

    ssrc: int
    blocks: tuple[ReportBlock, ...]


class Nack(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for packets again."""

    media_ssrc: int
    lost: tuple[int, ...]
    "16-bit sequence numbers."


class PictureLoss(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for a key frame."""

    media_ssrc: int


class TransportFeedback(msgspec.Struct, frozen=True, kw_only=True):
    """Tells when the packets of the connection arrived."""

    body: bytes
    "As `transport_feedback.write` gives it, with whatever pads it; not looked at yet."


Report = SenderReport | ReceiverReport | Nack | PictureLoss | TransportFeedback


def parse(data: bytes) -> list[Report]:
    """The packets of a compound that concern us, in order.

    Raises:
        BadPacket: it is truncated or not version 2.
    """
    found: list[Report] = []
    at = 0
    while at < len(data):
        if len(data) < at + 4 or data[at] >> 6 != 2:
            raise BadPacket("no RTCP header")
        first, packet_type, words = _HEADER.unpack_from(data, at)
        body = data[at + 4 : at + 4 + 4 * words]
        if len(body) < 4 * words:
            raise BadPacket("truncated RTCP")
        report = _read(packet_type, first & 0x1F, body)
        if report is not None:
            found.append(report)
        at += 4 + 4 * words
    return found


def work(reports: Iterable[Report]) -> float:
    """What it costs to follow these, in what a small packet costs to read; transport-wide feedback is not counted."""
    return sum(len(report.lost) for report in reports if isinstance(report, Nack)) / NUMBERS_LIKE_A_PACKET


def _read(packet_type: int, count: int, body: bytes) -> Report | None:
    try:
        match packet_type, count:
            case (PacketType.SENDER_REPORT, _):
                ssrc, ntp, stamp, packets, octets = _SENDER.unpack_from(body)
                blocks = _blocks(body, _SENDER.size, count)
                return SenderReport(
                    ssrc=ssrc, ntp=ntp, rtp_timestamp=stamp, packets=packets, octets=octets, blocks=blocks
                )
            case (PacketType.RECEIVER_REPORT, _):
                return ReceiverReport(ssrc=int.from_bytes(body[:4]), blocks=_blocks(body, 4, count))
            case (PacketType.TRANSPORT_FEEDBACK, 1):
                return Nack(media_ssrc=_FEEDBACK.unpack_from(body)[1], lost=_lost(body[_FEEDBACK.size :]))
            case (PacketType.TRANSPORT_FEEDBACK, 15):
                return TransportFeedback(body=body[_FEEDBACK.size :])
            case (PacketType.PAYLOAD_FEEDBACK, 1):
                return PictureLoss(media_ssrc=_FEEDBACK.unpack_from(body)[1])
            case _:
                return None
    except struct.error as error:
        raise BadPacket("truncated RTCP body") from error


def _blocks(body: bytes, at: int, count: int) -> tuple[ReportBlock, ...]:
    return tuple(_block(*_BLOCK.unpack_from(body, at + n * _BLOCK.size)) for n in range(count))


def _block(ssrc: int, loss: int, highest: int, jitter: int, last_report: int, delay: int) -> ReportBlock:
    lost = loss & 0xFFFFFF
    return ReportBlock(
        ssrc=ssrc,
        fraction_lost=loss >> 24,
        lost=lost - 0x1000000 if lost & 0x800000 else lost,
        highest=highest,
        jitter=jitter,
        last_report=last_report,
        delay=delay,
    )


def _lost(items: bytes) -> tuple[int, ...]:
    numbers = (
        (first + bit) & 0xFFFF
        for first, mask in _NACK_ITEM.iter_unpack(items)
        for bit in range(17)
        if bit == 0 or mask >> (bit - 1) & 1
    )
    return tuple(islice(numbers, MOST_LOST))


def _packet(packet_type: PacketType, count: int, body: bytes) -> bytes:
    return _HEADER.pack(0x80 | count, packet_type, len(body) // 4) + body


def _packed_block(block: ReportBlock) -> bytes:
    lost = max(-0x800000, min(block.lost, 0x7FFFFF)) & 0xFFFFFF
    loss = block.fraction_lost << 24 | lost
    return _BLOCK.pack(block.ssrc, loss, block.highest, block.jitter, block.last_report, block.delay)


def sender_report(report: SenderReport, cname: str) -> bytes:
    """A compound: the report and the canonical name of its stream."""
    head = _SENDER.pack(
        report.ssrc,
        report.ntp & (1 << 64) - 1,
        report.rtp_timestamp,
        report.packets & 0xFFFFFFFF,
        report.octets & 0xFFFFFFFF,
    )
    blocks = b"".join(map(_packed_block, report.blocks))
    return _packet(PacketType.SENDER_REPORT, len(report.blocks), head + blocks) + _description(report.ssrc, cname)


def receiver_report(report: ReceiverReport) -> bytes:
    """A receiver report with at most 31 blocks."""
    body = report.ssrc.to_bytes(4) + b"".join(map(_packed_block, report.blocks))
    return _packet(PacketType.RECEIVER_REPORT, len(report.blocks), body)


def _description(ssrc: int, cname: str) -> bytes:
    name = cname.encode()
    chunk = ssrc.to_bytes(4) + bytes([_CNAME, len(name)]) + name + b"\0"
    return _packet(PacketType.SDES, 1, chunk + bytes(-len(chunk) % 4))


def nack(sender_ssrc: int, media_ssrc: int, lost: Iterable[int]) -> bytes:
    """Asks for the packets with these 16-bit numbers again; they come in the order of the stream."""
    items: list[tuple[int, int]] = []
    for sequence in lost:
        distance = (sequence - items[-1][0]) & 0xFFFF if items else 0
        if 1 <= distance <= 16:
            items[-1] = (items[-1][0], items[-1][1] | 1 << (distance - 1))
        else:
            items.append((sequence, 0))
    body = _FEEDBACK.pack(sender_ssrc, media_ssrc) + b"".join(_NACK_ITEM.pack(*item) for item in items)
    return _packet(PacketType.TRANSPORT_FEEDBACK, _GENERIC_NACK, body)


def picture_loss(sender_ssrc: int, media_ssrc: int) -> bytes:
    """Asks for a key frame."""
    return _packet(PacketType.PAYLOAD_FEEDBACK, _PICTURE_LOSS, _FEEDBACK.pack(sender_ssrc, media_ssrc))


def transport_wide(sender_ssrc: int, media_ssrc: int, body: bytes) -> bytes:
    """Feedback on all packets of the connection; `body` as `transport_feedback.write` gives it."""
    return _packet(PacketType.TRANSPORT_FEEDBACK, _TRANSPORT_WIDE, _FEEDBACK.pack(sender_ssrc, media_ssrc) + body)


def compounds(packets: Iterable[bytes]) -> Iterator[bytes]:
    """The packets in order, as few datagrams as `COMPOUND_BYTES` allows."""
    compound = b""
    for packet in packets:
        if compound and len(compound) + len(packet) > COMPOUND_BYTES:
            yield compound
            compound = b""
        compound += packet
    if compound:
        yield compound
