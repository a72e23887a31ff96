import pytest
from aiortc.rtp import RtcpPacket as ForeignPacket
from aiortc.rtp import RtcpPsfbPacket, RtcpRrPacket, RtcpRtpfbPacket, RtcpSdesPacket, RtcpSrPacket
from hypothesis import given
from hypothesis import strategies as st

from signaling.rtcp import (
    MOST_LOST,
    NUMBERS_LIKE_A_PACKET,
    Nack,
    PictureLoss,
    ReceiverReport,
    ReportBlock,
    SenderReport,
    TransportFeedback,
    compounds,
    nack,
    parse,
    picture_loss,
    receiver_report,
    sender_report,
    transport_wide,
    work,
)
from signaling.rtp import BadPacket
from signaling.transport_feedback import write

BLOCK = ReportBlock(ssrc=5, fraction_lost=12, lost=-3, highest=70_000, jitter=4, last_report=6, delay=7)
SENDER = SenderReport(ssrc=9, ntp=1 << 40, rtp_timestamp=8, packets=3, octets=99, blocks=(BLOCK,))


def test_sender_report_is_read_by_another_library() -> None:
    report, description = ForeignPacket.parse(sender_report(SENDER, "E2"))

    assert isinstance(report, RtcpSrPacket)
    assert isinstance(description, RtcpSdesPacket)
    assert (report.ssrc, report.sender_info.ntp_timestamp, report.sender_info.rtp_timestamp) == (9, 1 << 40, 8)
    assert (report.reports[0].packets_lost, report.reports[0].highest_sequence) == (-3, 70_000)
    assert [(chunk.ssrc, chunk.items) for chunk in description.chunks] == [(9, [(1, b"E2")])]


def test_receiver_report_is_read_by_another_library() -> None:
    (report,) = ForeignPacket.parse(receiver_report(ReceiverReport(ssrc=1, blocks=(BLOCK,))))

    assert isinstance(report, RtcpRrPacket)
    assert (report.ssrc, report.reports[0].ssrc, report.reports[0].fraction_lost) == (1, 5, 12)


def test_feedback_is_read_by_another_library() -> None:
    asked, lost = ForeignPacket.parse(nack(1, 5, [10, 11, 26, 27]) + picture_loss(1, 5))

    assert isinstance(asked, RtcpRtpfbPacket)
    assert isinstance(lost, RtcpPsfbPacket)
    assert (asked.fmt, asked.media_ssrc, asked.lost) == (1, 5, [10, 11, 26, 27])
    assert (lost.fmt, lost.media_ssrc, lost.fci) == (1, 5, b"")


def test_compound_is_read_in_order() -> None:
    receiver = ReceiverReport(ssrc=1, blocks=(BLOCK, BLOCK))
    data = sender_report(SENDER, "E2") + receiver_report(receiver) + nack(1, 5, [65535, 0, 3]) + picture_loss(1, 7)

    assert parse(data) == [
        SENDER,
        receiver,
        Nack(media_ssrc=5, lost=(65535, 0, 3)),
        PictureLoss(media_ssrc=7),
    ]


def test_report_beyond_its_fields_is_cut_to_them() -> None:
    block = ReportBlock(ssrc=5, fraction_lost=255, lost=1 << 30, highest=0, jitter=0, last_report=0, delay=0)

    (read,) = parse(receiver_report(ReceiverReport(ssrc=1, blocks=(block,))))

    assert isinstance(read, ReceiverReport)
    assert read.blocks[0].lost == 0x7FFFFF


@pytest.mark.parametrize("data", [b"\x80\xc9", b"\x00\xc9\x00\x00", b"\x80\xc9\x00\x02AAAA", b"\x81\xc9\x00\x01AAAA"])
def test_truncated_compound_is_refused(data: bytes) -> None:
    with pytest.raises(BadPacket):
        parse(data)


@pytest.mark.parametrize(
    ("sizes", "datagrams"),
    [([], []), ([400], [400]), ([700, 400], [1100]), ([700, 404, 100], [700, 504]), ([1200, 4], [1200, 4])],
)
def test_packets_are_put_together_up_to_a_datagram(sizes: list[int], datagrams: list[int]) -> None:
    assert [len(compound) for compound in compounds(bytes(size) for size in sizes)] == datagrams


@given(st.lists(st.integers(0, 0xFFFF), min_size=1, max_size=40, unique=True).map(sorted))
def test_every_missing_number_is_asked_for_once(lost: list[int]) -> None:
    assert parse(nack(1, 5, lost)) == [Nack(media_ssrc=5, lost=tuple(lost))]


@given(st.binary(max_size=80) | st.binary(max_size=80).map(lambda tail: b"\x81\xcd" + tail))
def test_any_bytes_are_a_compound_or_refused(data: bytes) -> None:
    try:
        assert len(parse(data)) <= len(data) // 4
    except BadPacket:
        return


def test_no_more_of_a_askis_read_than_can_be_answered() -> None:
    (huge,) = parse(nack(1, 9, range(0, 8 * MOST_LOST, 2)))

    assert isinstance(huge, Nack)
    assert huge.lost == tuple(range(0, 2 * MOST_LOST, 2))


def test_work_grows_with_what_is_to_be_looked_up() -> None:
    ask = Nack(media_ssrc=1, lost=(1,) * NUMBERS_LIKE_A_PACKET)

    assert work([PictureLoss(media_ssrc=1)]) == 0
    assert work([ask, TransportFeedback(body=b""), ask]) == 2


def test_transport_wide_feedback_may_come_among_others() -> None:
    body = write(5, 7, [516, None, 514])

    assert parse(nack(1, 2, [3]) + transport_wide(1, 2, body)) == [
        Nack(media_ssrc=2, lost=(3,)),
        TransportFeedback(body=body),
    ]
