"""Which address a camera is reached under: one in an allowed network, and nowhere else.

A name is looked up once for each connection and the connection goes to the address that was judged, so that a name
which changes its address leads nowhere. A camera's word is never followed to another address.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Iterable


class Forbidden(Exception):
    """The address lies in no network where a camera may stand."""


def allowed_address(addresses: Iterable[str], networks: Iterable[str]) -> str | None:
    """The first of the addresses that lies in one of the networks."""
    known = [ipaddress.ip_network(network) for network in networks]
    return next((text for text in addresses if _lies_in(ipaddress.ip_address(text), known)), None)


def _lies_in(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
    networks: list[ipaddress.IPv4Network | ipaddress.IPv6Network],
) -> bool:
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return any((mapped or address) in network for network in networks)


async def reachable_address(host: str, port: int, networks: Iterable[str]) -> str:
    """The address to connect to.

    Raises:
        Forbidden: all of the host's addresses lie elsewhere.
        OSError: the host has no address.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    address = allowed_address((str(each[4][0]).partition("%")[0] for each in found), networks)
    if address is None:
        raise Forbidden(host)
    return address
