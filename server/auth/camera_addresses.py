"""Addresses that an operator may name for a room camera: RTSP, and no place where no camera stands. Pure.

Whoever names an address has this server connect to it, so it is kept to the networks that the settings name, private
ones unless told. A host name is judged where it is looked up, by the process that connects (`signaling/pulling`).
Source: OWASP, Server-Side Request Forgery Prevention; RFC 1918; RFC 4193.
"""

import ipaddress
import re
from collections.abc import Iterable
from typing import ClassVar, Final
from urllib.parse import SplitResult, unquote, urlsplit

import msgspec

from server.domain.errors import Rejection

PRIVATE_NETWORKS: Final = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
"This machine itself and the addresses of its link are not among them."
LONGEST: Final = 500
USUAL_PORTS: Final = (554, 322)
FIRST_FREE_PORT: Final = 1024
"Below it only the usual ports of RTSP: no camera listens at another one."
_PLAIN: Final = re.compile(r"[\x21-\x7e]+")
_SECRET: Final = re.compile(r"pass|pwd|user|=", re.IGNORECASE)
_HOST: Final = re.compile(r"[0-9A-Za-z.-]{1,253}|[0-9A-Fa-f:.]{2,45}")


class CameraAddressUnusable(Rejection):
    """It is no address of a camera."""

    code: ClassVar[str] = "camera_address_unusable"
    sentence: ClassVar[str] = "{problem}"


class CameraAddressForbidden(Rejection):
    """Cameras may not stand there."""

    code: ClassVar[str] = "camera_address_forbidden"
    sentence: ClassVar[str] = "{host} lies in none of the networks in which cameras may stand: {networks}."


class CameraSource(msgspec.Struct, frozen=True, kw_only=True):
    """A camera that this server pulls."""

    url: str
    "With neither name nor password in front of the host."
    user: str = ""
    password: str = ""

    @property
    def shown(self) -> str:
        """The address for people's eyes: some cameras take name and password in the path or behind it."""
        parts = urlsplit(self.url)
        path = "/…" if _SECRET.search(unquote(parts.path)) else parts.path
        return f"{parts.scheme}://{parts.netloc}{path}" + ("?…" if parts.query else "")


def read_source(address: str, user: str, password: str, networks: Iterable[str]) -> CameraSource:
    """The source in what an operator filled in; name and password may also stand in the address.

    Raises:
        CameraAddressUnusable, CameraAddressForbidden: it may not be used.
    """
    parts = _parts(address.strip())
    if parts.username is not None and not user:
        user, password = unquote(parts.username), unquote(parts.password or "")
    if len(user) > LONGEST or len(password) > LONGEST or not (user + password).isprintable():
        raise CameraAddressUnusable(problem="Name or password are too long, or hold characters that cannot be typed.")
    host = parts.hostname or ""
    _judge(host, tuple(networks))
    bracketed = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port is not None else ""
    query = f"?{parts.query}" if parts.query else ""
    url = f"{parts.scheme.lower()}://{bracketed}{port}{parts.path}{query}"
    return CameraSource(url=url, user=user, password=password)


def _parts(address: str) -> SplitResult:
    if len(address) > LONGEST or not _PLAIN.fullmatch(address):
        raise CameraAddressUnusable(problem="The address is too long, or holds spaces or letters that none may hold.")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise CameraAddressUnusable(problem="The address cannot be read.") from error
    if parts.scheme.lower() not in ("rtsp", "rtsps"):
        raise CameraAddressUnusable(problem="The address must begin with rtsp:// or rtsps://.")
    if not _HOST.fullmatch(parts.hostname or ""):
        raise CameraAddressUnusable(problem="The address names no host.")
    if port is not None and port not in USUAL_PORTS and port < FIRST_FREE_PORT:
        raise CameraAddressUnusable(problem=f"No camera listens at port {port}.")
    return parts


def _judge(host: str, networks: tuple[str, ...]) -> None:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        if host.lower() == "localhost":
            raise CameraAddressForbidden(host=host, networks=", ".join(networks)) from None
        return  # a name: it is judged when it has been looked up
    if not any(address in ipaddress.ip_network(network) for network in networks):
        raise CameraAddressForbidden(host=host, networks=", ".join(networks))
