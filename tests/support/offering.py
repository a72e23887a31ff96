"""Offers and what follows them over HTTP, as encoders and players of other systems send them."""

from typing import Any

import aiohttp
from aioice import stun

from server.web.offered_sessions import SDP
from signaling.datagram_batches import bind_udp
from tests.support.foreign_peer import ForeignPeer
from tests.support.live_server import Sitting
from tests.support.patience import until


async def ask(
    sitting: Sitting, method: str, path: str, token: str | None, body: str | None = None, **headers: str
) -> tuple[int, Any, str]:
    """Status, headers and text of the answer to a page of another system; in the names of headers `_` is `-`."""
    sent = {"Origin": "https://hall.example"} | {name.replace("_", "-"): value for name, value in headers.items()}
    if token is not None:
        sent["Authorization"] = f"Bearer {token}"
    async with (
        aiohttp.ClientSession() as http,
        http.request(method, sitting.url + path, headers=sent, data=body) as answer,
    ):
        return answer.status, answer.headers, await answer.text()


async def offer(sitting: Sitting, path: str, token: str | None, peer: ForeignPeer) -> tuple[int, Any, str]:
    """Offer, and take the answer if there is one."""
    given = await ask(sitting, "POST", path, token, await peer.offer(), Content_Type=SDP)
    if given[0] == 201:
        await peer.take(given[2])
    return given


async def is_answered(fragment: str, theirs: str) -> bool:
    """Whether the first address of a fragment answers a check under the names and the password in it."""
    found = {name: value for name, _, value in (line.partition(":") for line in fragment.splitlines())}
    address, port = found["a=candidate"].split()[4:6]
    request = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
    request.attributes["USERNAME"] = f"{found['a=ice-ufrag']}:{theirs}"
    request.add_message_integrity(found["a=ice-pwd"].encode())
    with bind_udp("127.0.0.1", 0) as sock:
        sock.sendto(bytes(request), (address, int(port)))
        came: list[bytes] = []
        await until(lambda: _received(sock, came))
    return stun.parse_message(came[0]).message_class is stun.Class.RESPONSE


def _received(sock: Any, came: list[bytes]) -> bool:
    try:
        came.append(sock.recv(2048))
    except BlockingIOError:
        return False
    return True
