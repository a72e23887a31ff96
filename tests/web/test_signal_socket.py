import aiohttp
import pytest

from server.session.frames import Goodbye
from server.web.packing import pack, unpack_signal_to_seat
from server.web.signal_frames import SIGNAL_PROTOCOL, JoinMedia, RestartMedia
from tests.support.live_server import E1, Sitting, server, sitting

__all__ = ["server", "sitting"]

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def heard(sitting: Sitting, first: bytes, protocol: str = SIGNAL_PROTOCOL) -> object:
    """What the server answers to a first frame."""
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(f"{sitting.url}/rooms/{sitting.room}/signal", protocols=[protocol]) as socket,
    ):
        await socket.send_bytes(first)
        return unpack_signal_to_seat(await socket.receive_bytes())


async def test_server_without_media_says_so(sitting: Sitting) -> None:
    answer = await heard(sitting, pack(JoinMedia(token=await sitting.token(E1), key=None, proof=None)))

    assert answer == Goodbye(code="media_off", text="This server has been started without media.")


async def test_another_protocol_is_refused(sitting: Sitting) -> None:
    answer = await heard(sitting, pack(RestartMedia()), "lianping-signal-0")

    assert answer == Goodbye(code="protocol_unknown", text="This server speaks lianping-signal-1; reload the page.")
