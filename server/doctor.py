"""`lianping doctor`: what is missing on this machine, and what to do about it."""

import asyncio
import errno
import ipaddress
import shutil
import ssl
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from msgspec import Struct

from server.app import own_addresses, relays_of, wanted_ports
from server.auth.rejections import LoosePermissions, SecretsDamaged
from server.auth.x509_authority import CERTIFICATE_FILE
from server.backend import now, open_backend
from server.certificate_check import certificate_trouble
from server.clock_sync import follows_a_time_source
from server.kernel_limits import WANTED_BYTES, allowed_buffer_bytes
from server.ports import Port, PortNotHad, holder_of, trouble_with
from server.relay_check import relay_trouble
from server.reports.fonts import FontsMissing, require_fonts
from server.settings import Settings, Tls
from server.store.embedded_valkey import find_program
from server.store.errors import StoreNotStarted, StoreUnavailable, ValkeyMissing
from server.words import words

FREE_BYTES: Final = 2 * 1024**3
"A room's record is small; the store rewrites its file now and then and needs room for a second one."


RECORDINGS_BYTES: Final = 30 * 1024**3
"A sitting of six hours with fourteen seats takes 26 GiB: 92 kB/s a seat were seen, with moving, noisy pictures."


class Finding(Struct, frozen=True, kw_only=True):
    """One thing that was looked at."""

    what: str
    ok: bool
    remedy: str = ""
    "What to do; empty when all is well."
    is_advice: bool = False
    "Whether the server runs all the same."


async def examine(
    settings: Settings, follows_a_time_source: Callable[[], bool | None] = follows_a_time_source
) -> list[Finding]:
    """Look at everything that `serve` needs."""
    return [
        *_examine_machine(settings),
        _examine_clock(follows_a_time_source()),
        await _examine_store(settings),
        *await asyncio.gather(*(_examine_relay(url, settings) for url in settings.turn_urls)),
    ]


def _examine_machine(settings: Settings) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding(
        what=f"Python {version}",
        ok=sys.version_info >= (3, 11),
        remedy=words("请安装 Python 3.11 或更新版本。", "Install Python 3.11 or newer."),
    )
    yield _examine_valkey(settings)
    yield _examine_fonts()
    folder = settings.data.absolute()
    free = _free_bytes(folder)
    yield Finding(
        what=words(
            f"数据目录 {folder}：可用 {free // 1024**2} MiB", f"data folder {folder}: {free // 1024**2} MiB free"
        ),
        ok=free >= FREE_BYTES,
        remedy=words("请清理磁盘，至少保留 2 GiB。", "Free some disk space: at least 2 GiB."),
    )
    if settings.media:
        yield _examine_recordings(folder / "recordings")
    for port in wanted_ports(settings):
        yield _examine_port(settings, port)
    if settings.media:
        yield _examine_buffers()
    if settings.tls is Tls.FILES and settings.tls_chain and settings.tls_key:
        trouble = certificate_trouble(settings.tls_chain, settings.tls_key, settings.names, now())
        yield Finding(what=words("证书", "certificate"), ok=trouble is None, remedy=trouble or "")


def _free_bytes(folder: Path) -> int:
    """Of the disk on which a folder lies, or will."""
    return shutil.disk_usage(next(parent for parent in (folder, *folder.parents) if parent.exists())).free


def _examine_recordings(folder: Path) -> Finding:
    """Their disk, which may be another one."""
    free = _free_bytes(folder)
    return Finding(
        what=words(f"录音录像目录：可用 {free // 1024**2} MiB", f"recordings: {free // 1024**2} MiB free"),
        ok=free >= RECORDINGS_BYTES,
        remedy=words(
            "六小时、十四个席位的评标最多约需 26 GiB（不含桌面、共享屏幕和场地摄像机），空间将尽时评标会自动暂停："
            "请清理磁盘，或销毁保存期满的录音录像（lianping room shred）。",
            "Six hours with fourteen seats take up to 26 GiB, desktops, screens and room cameras not counted, and a "
            "room pauses before the disk is full: free some space, or destroy recordings whose keeping time has ended "
            "(lianping room shred).",
        ),
        is_advice=True,
    )


def _examine_port(settings: Settings, port: Port) -> Finding:
    error = None if _is_running(settings) else trouble_with(port)
    return Finding(
        what=words(f"端口 {port}", f"port {port}"),
        ok=error is None or error.errno == errno.EACCES,  # below 1024: the service may, we may not
        remedy=str(PortNotHad(port, error, holder_of(port))) if error else "",
    )


def _examine_buffers() -> Finding:
    allowed = allowed_buffer_bytes()
    return Finding(
        what=words("网络缓冲区", "network buffers"),
        ok=allowed is None or allowed >= WANTED_BYTES,
        remedy=words(
            f"系统只允许 {allowed} 字节，画面多时会丢包：请再运行一次 deploy/install.sh。",
            f"The system allows {allowed} bytes; packets are lost when many send: run deploy/install.sh again.",
        ),
        is_advice=True,
    )


def _examine_valkey(settings: Settings) -> Finding:
    if settings.redis_url is not None:
        return Finding(what=words("外部 Redis", "external Redis"), ok=True)
    try:
        program = find_program()
    except ValkeyMissing as error:
        return Finding(what="Valkey", ok=False, remedy=str(error))
    return Finding(what=f"Valkey: {program}", ok=True)


def _examine_fonts() -> Finding:
    what = words("排版字体", "fonts for printing")
    try:
        require_fonts()
    except FontsMissing as error:
        return Finding(what=what, ok=False, remedy=str(error))
    return Finding(what=what, ok=True)


def _examine_clock(follows: bool | None) -> Finding:
    return Finding(
        what=words("系统时间与时间源同步", "clock follows a time source"),
        ok=follows is not False,
        remedy=words(
            "记录以本机时间为准：请启用时间同步，例如 apt install systemd-timesyncd，再运行 timedatectl set-ntp true。",
            "The record tells this machine's time: apt install systemd-timesyncd, then timedatectl set-ntp true.",
        ),
        is_advice=True,
    )


async def _examine_relay(url: str, settings: Settings) -> Finding:
    """Use a relay as a seat would."""
    relays = relays_of(settings)
    own = [*filter(_is_public, own_addresses())]
    media = [(address, settings.media_port) for address in settings.media_addresses or own or ["127.0.0.1"]]
    trouble = relays and await relay_trouble(url, relays.issue("doctor", now()), media, own, _trusted(settings))
    return Finding(what=words(f"中继 {url}", f"relay {url}"), ok=trouble is None, remedy=trouble or "")


def _trusted(settings: Settings) -> ssl.SSLContext:
    """What a seat's computer trusts: what this machine does, and our own root where it has been installed."""
    context = ssl.create_default_context()
    root = settings.data / "tls" / CERTIFICATE_FILE
    if root.exists():
        context.load_verify_locations(root)
    return context


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address)
    return found.version == 4 and not found.is_loopback


async def _examine_store(settings: Settings) -> Finding:
    """Open the store and the secrets as `serve` would."""
    what = words("存储与密钥", "store and keys")
    try:
        async with open_backend(settings):
            return Finding(what=what, ok=True)
    except (StoreNotStarted, StoreUnavailable, LoosePermissions, SecretsDamaged) as error:
        return Finding(what=what, ok=False, remedy=str(error))


def _is_running(settings: Settings) -> bool:
    """Whether a server runs on this data folder, so that the port is its own."""
    return (settings.data / "store.url").exists()
