from signaling.datagram_batches import bind_udp
from signaling.dtls_srtp import Certificate
from signaling.host import Host, draw_ssrc
from signaling.negotiation import Endpoint
from signaling.udp_port import UdpPort


async def test_endpoint_says_where_and_how_we_are_reached() -> None:
    port = UdpPort(bind_udp("127.0.0.1", 0), lambda now: None)
    host = Host(port=port, certificate=Certificate(), addresses=("127.0.0.1",))
    credentials, others = host.new_credentials(), host.new_credentials()
    port.close()

    assert host.endpoint(credentials) == Endpoint(
        credentials=credentials,
        fingerprint=host.certificate.fingerprint,
        addresses=("127.0.0.1",),
        port=port.number,
    )
    assert credentials != others
    assert (len(credentials.name), len(credentials.password)) == (16, 32)


def test_ssrc_is_never_nobodys_nor_ours() -> None:
    assert all(2 <= draw_ssrc() < 1 << 32 for _ in range(200))
