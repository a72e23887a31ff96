"""Janus VideoRoom as the server under comparison: two event loops, congestion control, AES-GCM, ICE-lite as ours."""

import asyncio
import re
import socket
import subprocess
from contextlib import suppress
from itertools import count
from pathlib import Path as FilePath
from typing import Any

import aiohttp

from signaling.dtls_srtp import Certificate
from signaling.messages import KINDS
from tests.benchmarks.media.forwarder import RoomPlan
from tests.benchmarks.media.path import Path
from tests.support.media_world import AnswerOffer
from tests.support.patience import PATIENCE_S

PLUGIN = "janus.plugin.videoroom"
EVENT_LOOPS = 2
_PLUGINS_OFF = "audiobridge echotest nosip recordplay sip streaming textroom videocall voicemail lua duktape"
_TRANSPORTS_OFF = "http mqtt nanomsg pfunix rabbitmq"


def version() -> str:
    """As the program says it."""
    said = subprocess.run(["janus", "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\d+\.\d+\.\d+", said.stdout + said.stderr)
    return found.group() if found else "unknown"


def _libraries(names: str) -> str:
    return ",".join(f"libjanus_{name}.so" for name in names.split())


def write_configuration(folder: FilePath, address: str, port: int) -> None:
    """Everything Janus reads, in a folder of its own."""
    (folder / "janus.jcfg").write_text(
        f"""general: {{ configs_folder = "{folder}" debug_level = 3 session_timeout = 0 event_loops = {EVENT_LOOPS} }}
certificates: {{ }}
media: {{ rtp_port_range = "20000-40000" }}
nat: {{ ice_lite = true ice_enforce_list = "{address}" ignore_mdns = true }}
plugins: {{ disable = "{_libraries(_PLUGINS_OFF)}" }}
transports: {{ disable = "{_libraries(_TRANSPORTS_OFF)}" }}
"""
    )
    (folder / "janus.transport.websockets.jcfg").write_text(
        f'general: {{ json = "compact" ws = true ws_port = {port} ws_ip = "127.0.0.1" wss = false }}\n'
        "admin: { admin_ws = false }\n"
    )
    (folder / f"{PLUGIN}.jcfg").write_text("general: { }\n")


class JanusFailed(Exception):
    """Janus refused what the benchmark asked of it."""


class _Talk:
    """One session on its WebSocket."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._http = aiohttp.ClientSession()
        self._numbers = count(1)
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._session: int | None = None
        self._listening: asyncio.Task[None] | None = None

    async def open(self) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                with suppress(aiohttp.ClientError):
                    url = f"http://127.0.0.1:{self._port}"
                    self._socket = await self._http.ws_connect(url, protocols=["janus-protocol"], max_msg_size=0)
                    break
                await asyncio.sleep(0.02)
        self._listening = asyncio.create_task(self._listen())
        self._session = (await self.ask("create"))["data"]["id"]

    async def _listen(self) -> None:
        async for message in self._socket:
            said = message.json()
            key = f"up {said['sender']}" if said["janus"] == "webrtcup" else said.get("transaction", "")
            waiting = self._waiting.get(key)
            if waiting is not None and said["janus"] != "ack" and not waiting.done():
                waiting.set_result(said)

    async def _wait(self, key: str) -> dict[str, Any]:
        waiting = self._waiting.setdefault(key, asyncio.get_running_loop().create_future())
        try:
            return await asyncio.wait_for(waiting, PATIENCE_S)
        finally:
            del self._waiting[key]

    async def up(self, handle: int) -> None:
        """Wait until the handle's connection stands; asked for before its description is given."""
        await self._wait(f"up {handle}")

    async def ask(self, what: str, **fields: Any) -> dict[str, Any]:
        transaction = str(next(self._numbers))
        session = {} if self._session is None else {"session_id": self._session}
        await self._socket.send_json({"janus": what, "transaction": transaction, **session, **fields})
        said = await self._wait(transaction)
        data: dict[str, Any] = said.get("plugindata", {}).get("data", {})
        if said["janus"] == "error" or "error" in data:
            raise JanusFailed(str(said))
        return said

    async def attach(self) -> int:
        """A new handle."""
        return int((await self.ask("attach", plugin=PLUGIN))["data"]["id"])

    async def request(self, handle: int, body: dict[str, Any], jsep: dict[str, str] | None = None) -> dict[str, Any]:
        """The plugin's answer to a message, with its `jsep` if it has one."""
        more = {} if jsep is None else {"jsep": jsep}
        return await self.ask("message", handle_id=handle, body=body, **more)

    async def close(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
        await self._http.close()


class Janus:
    """A Janus of our own while it runs.

    Args:
        folder: for its configuration and its log.
        address: where it offers media; no loopback, which it leaves out.
    """

    def __init__(self, folder: FilePath, address: str) -> None:
        self.name = f"Janus {version()} VideoRoom, event_loops = {EVENT_LOOPS}"
        self._folder = folder
        self._address = address
        self._certificate = Certificate()
        self._rooms = count(1)
        self._numbers: dict[str, int] = {}
        self._feeds: dict[str, dict[str, int]] = {}
        "By room and alias."

    @property
    def pid(self) -> int:
        """Of its one process."""
        return self._process.pid

    async def start(self) -> None:
        """Start it and wait for its WebSocket."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        write_configuration(self._folder, self._address, port)
        arguments = ["-F", str(self._folder), "-C", str(self._folder / "janus.jcfg")]
        with (self._folder / "log").open("wb") as log:
            self._process = await asyncio.create_subprocess_exec("janus", *arguments, stdout=log, stderr=log)
        self._talk = _Talk(port)
        await self._talk.open()

    async def fill(self, plan: RoomPlan) -> list[Path]:
        """A handle for each publisher, and one for each listener with all its streams in it."""
        room = next(self._rooms)
        making = {"request": "create", "room": room, "publishers": 100, "bitrate": 0, "fir_freq": 0}
        await self._talk.request(await self._talk.attach(), {**making, "audiocodec": "opus", "videocodec": "vp8"})
        feeds = self._feeds[plan.name] = {alias: number for number, alias in enumerate(plan.seats, start=1)}
        self._numbers[plan.name] = room
        publishing = [await self._publish(room, feeds[alias]) for alias in plan.publishers]
        listening = [
            await self._listen(room, [feeds[one] for one, other in plan.routes if other == alias])
            for alias in plan.listeners
        ]
        return publishing + listening

    async def _publish(self, room: int, feed: int) -> Path:
        path = Path(self._certificate, self._address, KINDS)
        joining = {"request": "joinandconfigure", "ptype": "publisher", "room": room, "id": feed}
        handle = await self._talk.attach()
        up = asyncio.create_task(self._talk.up(handle))
        said = await self._talk.request(handle, joining, {"type": "offer", "sdp": path.offer()})
        path.accept(said["jsep"]["sdp"])
        await path.connected()
        await up  # only now can it be subscribed to
        return path

    async def _listen(self, room: int, feeds: list[int]) -> Path:
        path = Path(self._certificate, self._address, ())
        await self._subscribe(room, feeds, path.answer)
        await path.connected()
        return path

    async def _subscribe(self, room: int, feeds: list[int], answer: AnswerOffer) -> None:
        streams = [{"feed": feed} for feed in feeds]
        joining = {"request": "join", "ptype": "subscriber", "room": room, "streams": streams}
        handle = await self._talk.attach()
        said = await self._talk.request(handle, joining)
        jsep = {"type": "answer", "sdp": await answer(said["jsep"]["sdp"])}
        await self._talk.request(handle, {"request": "start"}, jsep)

    async def view(self, plan: RoomPlan, alias: str, answer: AnswerOffer) -> None:
        """One more subscriber of all publishers."""
        feeds = [self._feeds[plan.name][one] for one in plan.publishers]
        await self._subscribe(self._numbers[plan.name], feeds, answer)

    async def close(self) -> None:
        """Stop it."""
        await self._talk.close()
        self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), PATIENCE_S / 4)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
