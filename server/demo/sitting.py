"""`lianping demo`: a server with a room that one person can try alone, or with others in a hall."""

import asyncio
import signal
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from msgspec.structs import replace

from server.app import PortNames, Server, run_server
from server.auth.private_files import create_private_folder, read_private_file
from server.auth.private_keys import private_pem
from server.backend import Backend
from server.demo.director import Director
from server.demo.lobby import Stage, lobby_routes
from server.demo.seat_client import SeatKey
from server.domain.ids import Alias, RoomId
from server.domain.phases import Phase
from server.domain.plan import Recording
from server.room_desk import create_room, issue_codes, read_room
from server.settings import Settings, Tls
from server.tender.bid_files import WholeTender
from server.tender.tender_file import Acts
from server.words import words

PORT: Final = 8080
LAN_PORT: Final = 8443

Say = Callable[[str], None]
AskNew = Callable[[str], bool]
"Asks whether a new room is wanted though an old one is there."


async def hold_demo(
    whole: WholeTender, folder: Path, *, lan: bool, say: Say, ask_new: AskNew, port: int | None = None
) -> None:
    """Run the demo until SIGINT or SIGTERM; nothing is left running.

    Args:
        whole: whose room is played, with its acts.
        folder: where the demo keeps its data between starts.
        lan: listen for other machines too, over HTTPS, and print a code for every seat.
        say: prints a line.
        ask_new: decides between the old room and a new one.
        port: where to listen; 0 takes a free one, none the usual one.

    Raises:
        PortNotHad: it cannot listen there.
    """
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    stage = Stage()
    settings = demo_settings(folder, lan=lan, port=port)
    option = f"lianping demo --port {settings.port + 10}"
    async with (
        run_server(settings, lobby_routes(stage), names=PortNames(option, option)) as server,
        AsyncExitStack() as stack,
    ):
        room = await _old_room(server.backend, ask_new) or await create_room(server.backend, _without_waiting(whole))
        keys = await asyncio.to_thread(scripted_keys, folder / "scripted" / room, await _aliases(server, room))
        stage.director = await stack.enter_async_context(Director(server, room, whole.tender.acts or Acts(), keys))
        _introduce(server, say)
        if lan:
            for alias, code in (await issue_codes(server.backend, room)).items():
                say(f"  {alias}  {code}")
        await stopping.wait()
        say(words("正在停止……", "Stopping …"))


def demo_settings(folder: Path, *, lan: bool, port: int | None = None) -> Settings:
    """The settings of a demo: this machine only over HTTP, or the local network over HTTPS and the port after it.

    Sound and pictures listen at every address even so: Firefox 153 leads none over the loopback.
    """
    usual = LAN_PORT if lan else PORT
    chosen = usual if port is None else port
    return Settings(
        data=folder,
        host="0.0.0.0" if lan else "127.0.0.1",
        port=chosen,
        tls=Tls.EMBEDDED if lan else Tls.OFF,
        media_host="0.0.0.0",
        media_port=chosen + 1 if lan and chosen else 0,
        media_log=folder / "media.log",
    )


def scripted_keys(folder: Path, aliases: Mapping[Alias, object]) -> dict[Alias, SeatKey]:
    """The keys of the scripted seats, kept so that a room goes on after a restart."""
    if not folder.exists():
        fresh = {f"{alias}.pem": private_pem(ec.generate_private_key(ec.SECP256R1())) for alias in aliases}
        create_private_folder(folder, fresh)
    return {alias: _read_key(folder / f"{alias}.pem") for alias in aliases}


def _read_key(path: Path) -> SeatKey:
    key = load_pem_private_key(read_private_file(path), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{path} holds no P-256 key")
    return SeatKey(key)


def _without_waiting(whole: WholeTender) -> WholeTender:
    """The same room, in which who has no camera can hand in a sheet all the same: it is a demonstration."""
    policy = whole.tender.policy
    if policy.recording is Recording.REQUIRED:
        policy = replace(policy, recording=Recording.KEPT)
    return replace(whole, tender=replace(whole.tender, policy=policy))


async def _old_room(backend: Backend, ask_new: AskNew) -> RoomId | None:
    """The latest room that is still open, if the person wants it."""
    for record in reversed(await backend.rooms.list_rooms()):
        if (await read_room(backend, record.room)).phase is not Phase.CLOSED:
            return None if await asyncio.to_thread(ask_new, record.title) else record.room
    return None


async def _aliases(server: Server, room: RoomId) -> dict[Alias, object]:
    return dict((await read_room(server.backend, room)).seats)


def _introduce(server: Server, say: Say) -> None:
    """One address, which seat first, and what will happen."""
    say("")
    say(words(f"打开浏览器：  {server.address.url}/demo", f"Open in a browser:  {server.address.url}/demo"))
    say(
        words(
            "先接任席位 E1（评标专家，组长人选），其余席位由程序以真实音视频扮演；随时可点“快进”。",
            "Take seat E1 first (an expert, soon the chair); the other seats are played with real media. 快进 goes on.",
        )
    )
    say(
        words(
            "流程：签到 → 推选组长 → 初步评审 → 打分 → 价格评审 → 汇总锁定 → 签署评标报告 → 封存，约十分钟；"
            "关闭后可接任审计席位 U1 复盘全过程。Ctrl-C 结束。",
            "Check-in, election, examination, scoring, prices, ranking, signing: about ten minutes; after the close "
            "seat U1 (auditor) replays it all. Ctrl-C ends it.",
        )
    )
