"""The ports a server listens at: looked at before anything starts, so that one that cannot be had is told in words."""

import asyncio
import errno
import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import Final

from msgspec import Struct

from server.domain.errors import LianpingError
from server.words import words

PROC: Final = Path("/proc")

LOOK_AGAIN_S: Final = 0.1


class Transport(Enum):
    """How a port is spoken to; the values are those of the socket."""

    TCP = socket.SOCK_STREAM
    UDP = socket.SOCK_DGRAM


_WAITING: Final = {Transport.TCP: "0A", Transport.UDP: "07"}
"What the kernel calls a socket that waits for anybody. Source: include/net/tcp_states.h: TCP_LISTEN, TCP_CLOSE."


class Port(Struct, frozen=True, kw_only=True):
    """A port that a server wants."""

    host: str
    number: int
    "0 takes a free one."
    transport: Transport
    setting: str
    "What names another one: a variable or an option."

    def __str__(self) -> str:
        return f"{self.number}/{self.transport.name}"


class PortNotHad(LianpingError):
    """The server cannot listen there; nothing was started."""

    def __init__(self, port: Port, error: OSError, holder: str | None = None) -> None:
        self.port = port
        self.errno = error.errno
        self.holder = holder
        super().__init__(words(*_sentence(port, error, holder)))


def _sentence(port: Port, error: OSError, holder: str | None) -> tuple[str, str]:
    """In Chinese and in English."""
    match error.errno:
        case errno.EADDRINUSE:
            flag = "t" if port.transport is Transport.TCP else "u"
            ask = f"sudo ss -lp{flag}n sport = :{port.number}"
            return (
                f"端口 {port} 已被{f'程序 {holder} ' if holder else '其他程序'}占用。请停止该程序"
                f"{'' if holder else f'（用 {ask} 查看是哪一个）'}，或者换一个端口：{port.setting}。",
                f"Port {port} is taken by {holder or 'another program'}. Stop that program"
                f"{'' if holder else f' ({ask} names it)'}, or choose another port: {port.setting}.",
            )
        case errno.EACCES:
            return (
                f"不允许使用端口 {port}：1024 以下的端口需要特别权限，系统服务有此权限。"
                f"请换一个 1024 以上的端口（{port.setting}），"
                "或者以系统服务方式运行（见 deploy/first-tender.zh-CN.md）。",
                f"Port {port} is not allowed: ports below 1024 need a privilege, which the service has. Choose one "
                f"above 1023 ({port.setting}), or run the service (deploy/first-tender.md).",
            )
        case errno.EADDRNOTAVAIL:
            udp = port.transport is Transport.UDP
            return (
                f"本机没有地址 {port.host}，无法在端口 {port} 监听。"
                f"请改正 LIANPING_HOST{'（或 LIANPING_MEDIA_HOST）' if udp else ''}（ip address 列出本机地址）。",
                f"This machine has no address {port.host}, so nothing can listen at port {port}. Mend LIANPING_HOST"
                f"{', or LIANPING_MEDIA_HOST,' if udp else ''} (ip address lists the machine's own).",
            )
        case _:
            return (
                f"无法在 {port.host} 的端口 {port} 监听：{error.strerror}。",
                f"Nothing can listen at port {port} of {port.host}: {error.strerror}.",
            )


async def require_port(port: Port, *, patience_s: float = 0.0) -> None:
    """Make sure that a port can be had, or soon can.

    Raises:
        PortNotHad: it cannot.
    """
    clock = asyncio.get_running_loop().time
    deadline_s = clock() + patience_s
    while (error := trouble_with(port)) is not None:
        if error.errno != errno.EADDRINUSE or clock() >= deadline_s:
            raise PortNotHad(port, error, await asyncio.to_thread(holder_of, port))
        await asyncio.sleep(LOOK_AGAIN_S)


def trouble_with(port: Port) -> OSError | None:
    """What the system says to who wants to listen there now; nothing if it can be had."""
    family = socket.AF_INET6 if ":" in port.host else socket.AF_INET
    try:
        with socket.socket(family, port.transport.value) as probe:
            if family == socket.AF_INET6:
                probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            if port.transport is Transport.TCP:  # connections of a server that has ended are no hindrance
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((port.host, port.number))
            if port.transport is Transport.TCP:
                probe.listen()
    except OSError as error:
        return error
    return None


def holder_of(port: Port, proc: Path = PROC) -> str | None:
    """The program that waits at a port, with the number of its process; None where we may not see it."""
    wanted = {f"socket:[{inode}]" for inode in _inodes(port, proc)}
    with suppress(OSError):
        for process in sorted(proc.glob("[0-9]*"), key=lambda path: int(path.name)):
            with suppress(OSError):  # another person's, or it has just ended
                if any(os.readlink(link) in wanted for link in (process / "fd").iterdir()):
                    return f"{(process / 'comm').read_text().strip()} ({process.name})"
    return None


def _inodes(port: Port, proc: Path) -> Iterator[str]:
    """Of the sockets that wait at a port. Source: proc(5), /proc/net/tcp."""
    for kind in (port.transport.name.lower(), f"{port.transport.name.lower()}6"):
        with suppress(OSError):
            for line in (proc / "net" / kind).read_text().splitlines()[1:]:
                columns = line.split()
                if int(columns[1].rpartition(":")[2], 16) == port.number and columns[3] == _WAITING[port.transport]:
                    yield columns[9]
