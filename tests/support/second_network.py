"""A second machine in small: a network namespace with an own address, linked to this one by a virtual cable."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

_OWN_NETWORK = IPv4Address("198.19.0.0") + os.getpid() % (1 << 13) * 8
"Eight addresses for each process, as several run tests at once. Source: RFC 2544, C.2.2 (for tests, routed nowhere)."

HOST = str(_OWN_NETWORK + 1)
"This side's address on the cable."

GUEST, GUEST_MOVED = str(_OWN_NETWORK + 2), str(_OWN_NETWORK + 3)

_OWN_NETWORK_V6 = IPv6Address("fdc0:6c69:616e::") + (os.getpid() << 64)
"The same. Source: RFC 4193 (addresses of no network but one's own)."

HOST_V6, GUEST_V6 = str(_OWN_NETWORK_V6 + 1), str(_OWN_NETWORK_V6 + 2)

_NEEDED = 1 << 12 | 1 << 21
"CAP_NET_ADMIN and CAP_SYS_ADMIN. Source: capability.h."


def can_be_made() -> bool:
    """Whether this process may make namespaces; root in a container often may not."""
    [effective] = (line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if "CapEff" in line)
    return int(effective, 16) & _NEEDED == _NEEDED and shutil.which("ip") is not None


class SecondNetwork:
    """The namespace while it exists."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.cable = f"lp{os.getpid()}"
        "This side's end; the other has a `g` behind it."

    async def plug(self, *, state: str) -> None:
        """Pull the cable (`down`), or put it back (`up`)."""
        await _ip("link", "set", self.cable, state)

    async def readdress(self) -> None:
        """Give the other machine another address in place of its own, as a change to another network does."""
        for change, address in (("delete", GUEST), ("add", GUEST_MOVED)):
            await _ip("-n", self.name, "address", change, f"{address}/29", "dev", f"{self.cable}g")

    async def block_udp(self) -> None:
        """Let no UDP leave the namespace, as the firewalls of some counties do."""
        await _ip("-n", self.name, "rule", "add", "pref", "1", "ipproto", "udp", "blackhole")

    async def swallow_udp(self, port: int) -> None:
        """Let no UDP get to this port, without a word: what is sent there goes round to where nobody takes it."""
        inside = ("-n", self.name)
        await _ip(*inside, "route", "add", "default", "dev", "lo", "table", "100")
        await _ip(*inside, "rule", "add", "pref", "1", "ipproto", "udp", "dport", str(port), "lookup", "100")

    def program_inside(self, program: str, folder: Path) -> Path:
        """A file that runs a program in the namespace, with whatever arguments and open files it is given."""
        path = folder / f"{program}-in-{self.name}"
        path.write_text(f'#!/bin/sh\nexec ip netns exec {self.name} {shutil.which(program)} "$@"\n')
        path.chmod(0o700)
        return path


@asynccontextmanager
async def second_network() -> AsyncIterator[SecondNetwork]:
    """Make it, and take it away with everything in it."""
    network = SecondNetwork(f"lianping-{os.getpid()}")
    far_end, inside = f"{network.cable}g", ("-n", network.name)
    await _ip("netns", "add", network.name)
    try:
        await _ip("link", "add", network.cable, "type", "veth", "peer", "name", far_end, "netns", network.name)
        try:
            await _ip("address", "add", f"{HOST}/29", "dev", network.cable)
            await _ip(*inside, "address", "add", f"{GUEST}/29", "dev", far_end)
            await _ip("address", "add", f"{HOST_V6}/64", "dev", network.cable, "nodad")
            await _ip(*inside, "address", "add", f"{GUEST_V6}/64", "dev", far_end, "nodad")
            await _ip(*inside, "link", "set", "lo", "up")
            await _ip(*inside, "link", "set", far_end, "up")
            await network.plug(state="up")
            yield network
        finally:  # a program that is slow to end keeps the namespace for a while, and the cable's name with it
            await _ip("link", "delete", network.cable)
    finally:
        await _ip("netns", "delete", network.name)


async def _ip(*arguments: str) -> None:
    process = await asyncio.create_subprocess_exec("ip", *arguments)
    assert await process.wait() == 0, arguments
