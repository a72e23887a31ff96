"""What all connections of the process share: the port, the certificate, the addresses and the source of randomness."""

import secrets

import msgspec

from signaling.dtls_srtp import Certificate
from signaling.ice_lite import Credentials
from signaling.negotiation import Endpoint
from signaling.udp_port import UdpPort


def draw_ssrc() -> int:
    """A random SSRC, never 0 or 1, which mean nobody and us."""
    return secrets.randbits(32) | 2


class Host(msgspec.Struct, frozen=True, kw_only=True):
    """One media process on the network."""

    port: UdpPort
    certificate: Certificate
    addresses: tuple[str, ...]
    "Under which seats reach the port."

    def new_credentials(self) -> Credentials:
        """A user name and password that nobody has (RFC 8839, 5.4 asks for 24 and 128 random bits)."""
        return Credentials(secrets.token_hex(8), secrets.token_hex(16))

    def endpoint(self, credentials: Credentials) -> Endpoint:
        """What an offer says about us."""
        return Endpoint(
            credentials=credentials,
            fingerprint=self.certificate.fingerprint,
            addresses=self.addresses,
            port=self.port.number,
        )
