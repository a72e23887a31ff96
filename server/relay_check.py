"""Whether a relay (TURN) can be used as a seat would: it answers, takes our pass, and reaches the media port."""

import asyncio
import ipaddress
import ssl
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from aioice import stun
from aioice.turn import TurnClientProtocol, TurnClientTcpProtocol, TurnClientUdpProtocol
from msgspec import Struct

from server.auth.relays import RelayPass
from server.settings import TURN_URL
from server.words import words

ANSWER_WITHIN_S: Final = 5.0

ALLOCATION_S: Final = 600
CHANNEL_S: Final = 500
CHANNEL: Final = 0x4000
"The first number that a channel may have. Source: RFC 8656, 12."
UNAUTHORIZED: Final = 401
FORBIDDEN: Final = 403
"Source: RFC 8489, 14.8; RFC 8656, 19."

Client = TypeVar("Client", TurnClientTcpProtocol, TurnClientUdpProtocol)


class RelayAddress(Struct, frozen=True):
    """What a `turn:` or `turns:` address says."""

    host: str
    port: int
    transport: str
    "`udp` or `tcp`."
    is_secure: bool


def read_relay_address(url: str) -> RelayAddress:
    """The parts of an address that the settings have let through; missing ones are those of the standard.

    Source: RFC 7065, 3.2.
    """
    found = TURN_URL.fullmatch(url)
    if found is None:
        raise ValueError(url)
    is_secure = url.startswith("turns:")
    port = int(found["port"]) if found["port"] else (5349 if is_secure else 3478)
    transport = found["transport"] or ("tcp" if is_secure else "udp")
    return RelayAddress(found["host"].strip("[]"), port, transport, is_secure)


async def relay_trouble(
    url: str,
    relay_pass: RelayPass,
    media: Sequence[tuple[str, int]],
    own: Sequence[str] = (),
    trusted: ssl.SSLContext | None = None,
) -> str | None:
    """What keeps a seat from reaching the media port over this relay; none where nothing does.

    Args:
        url: as in the settings.
        relay_pass: what a seat would be given.
        media: addresses and port of the media process, of which a seat needs one.
        own: this machine's addresses, where a relay whose name means the machine itself here may listen: Debian writes
            the machine's name beside 127.0.1.1 into /etc/hosts, and seats find another address.
        trusted: the certificates that are trusted for `turns:`; none: those of this machine.
    """
    address = read_relay_address(url)
    trouble = await _trouble_at(address.host, address, relay_pass, media, trusted)
    if trouble is not None and await _is_this_machine(address.host):
        for host in own:
            if await _trouble_at(host, address, relay_pass, media, trusted) is None:
                return None
    return trouble


async def _is_this_machine(host: str) -> bool:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None)
    except OSError:
        return False
    return all(ipaddress.ip_address(place[0]).is_loopback for *_, place in found)


async def _trouble_at(
    host: str,
    address: RelayAddress,
    relay_pass: RelayPass,
    media: Sequence[tuple[str, int]],
    trusted: ssl.SSLContext | None,
) -> str | None:
    try:
        async with asyncio.timeout(ANSWER_WITHIN_S):
            client = await _connect(host, address, relay_pass, trusted)
            return await _use(client, media)
    except ssl.SSLError as error:
        return words(f"它的证书不受信任：{error.reason}。", f"Its certificate is not trusted: {error.reason}.")
    except (TimeoutError, OSError):
        return words(
            f"它没有应答：请检查 coturn 是否在运行，防火墙是否放行 {address.port}/{address.transport}。",
            f"It does not answer: is coturn running, does the firewall let {address.port}/{address.transport} in?",
        )


async def _use(client: TurnClientProtocol, media: Sequence[tuple[str, int]]) -> str | None:
    try:
        await client.connect()
        await _reach(client, media)
    except stun.TransactionFailed as error:
        return _refused(error, media)
    except stun.TransactionError as error:
        raise TimeoutError from error
    else:
        return None
    finally:
        client.transport.close()


async def _reach(client: TurnClientProtocol, media: Sequence[tuple[str, int]]) -> None:
    """Open a way to the media port, and give everything back.

    Raises:
        stun.TransactionFailed: the relay may not reach any of its addresses.
    """
    try:
        for number, place in enumerate(media, start=1):
            try:
                await client.channel_bind(CHANNEL + number, place)
            except stun.TransactionFailed:
                if number == len(media):
                    raise
            else:
                return
    finally:
        await client.delete()


def _refused(error: stun.TransactionFailed, media: Sequence[tuple[str, int]]) -> str:
    code = error.response.attributes["ERROR-CODE"][0] if "ERROR-CODE" in error.response.attributes else 0
    if code == UNAUTHORIZED:
        return words(
            "它不认本服务器的密钥：LIANPING_TURN_SECRET 须与 coturn 的 static-auth-secret 相同，两机时间须一致。",
            "It refuses our pass: LIANPING_TURN_SECRET must be coturn's static-auth-secret, and both clocks right.",
        )
    if code == FORBIDDEN:
        places = [address for address, _ in media]
        return words(
            f"它不转发到 {'、'.join(places)}：请把席位所用的地址写入 coturn 的 allowed-peer-ip。",
            f"It may not reach {', '.join(places)}: name the one that seats reach as allowed-peer-ip of coturn.",
        )
    return words(f"它拒绝了请求：{error}。", f"It refuses: {error}.")


async def _connect(
    host: str, address: RelayAddress, relay_pass: RelayPass, trusted: ssl.SSLContext | None
) -> TurnClientProtocol:
    loop = asyncio.get_running_loop()
    place = (host, address.port)
    if address.transport == "udp":
        _, datagrams = await loop.create_datagram_endpoint(
            _maker(TurnClientUdpProtocol, place, relay_pass), remote_addr=place
        )
        return datagrams
    secure = (trusted or ssl.create_default_context()) if address.is_secure else None
    _, stream = await loop.create_connection(
        _maker(TurnClientTcpProtocol, place, relay_pass),
        *place,
        ssl=secure,
        server_hostname=address.host if secure else None,
    )
    return stream


def _maker(client: type[Client], place: tuple[str, int], relay_pass: RelayPass) -> Callable[[], Client]:
    return lambda: client(
        place,
        username=relay_pass.username,
        password=relay_pass.credential,
        lifetime=ALLOCATION_S,
        channel_refresh_time=CHANNEL_S,
    )
