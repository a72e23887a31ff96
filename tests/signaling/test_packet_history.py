from signaling.packet_history import SIZE, PacketHistory
from signaling.rtp import RtpPacket, build, parse


def packet(number: int) -> RtpPacket:
    return parse(build(b"", payload_type=96, marker=False, sequence=number, timestamp=0, ssrc=1))


def test_history_finds_the_last_packets_only() -> None:
    history = PacketHistory()
    for index in range(SIZE + 3):
        history.keep(index, packet(index))

    assert [history.find(index) for index in (2, 3, SIZE + 2, SIZE + 3)] == [None, packet(3), packet(SIZE + 2), None]


def test_history_does_not_take_a_neighbour_for_a_packet_that_never_came() -> None:
    history = PacketHistory()
    history.keep(5, packet(5))

    assert history.find(5 + SIZE) is None
