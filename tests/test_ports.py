import asyncio
import errno
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.ports import Port, PortNotHad, Transport, holder_of, require_port, trouble_with

HERE = "127.0.0.1"

OURSELVES = f"{Path('/proc/self/comm').read_text().strip()} ({os.getpid()})"


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")


@pytest.fixture(params=list(Transport))
def taken(request: pytest.FixtureRequest) -> Iterator[Port]:
    """A port at which this process waits."""
    transport: Transport = request.param
    with socket.socket(socket.AF_INET, transport.value) as held:
        held.bind((HERE, 0))
        if transport is Transport.TCP:
            held.listen()
        yield Port(host=HERE, number=held.getsockname()[1], transport=transport, setting="LIANPING_PORT")


async def test_taken_port_is_told_with_its_holder_and_what_to_do(taken: Port) -> None:
    with pytest.raises(PortNotHad) as refused:
        await require_port(taken)

    assert str(refused.value) == (
        f"Port {taken} is taken by {OURSELVES}. Stop that program, or choose another port: LIANPING_PORT."
    )


async def test_taken_port_is_told_in_chinese_where_the_locale_is(taken: Port, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    with pytest.raises(PortNotHad, match=f"^端口 {taken} 已被程序 .*或者换一个端口：LIANPING_PORT。$"):
        await require_port(taken)


def test_holder_that_we_may_not_see_is_asked_for(taken: Port, tmp_path: Path) -> None:
    error = trouble_with(taken)

    assert error is not None
    assert holder_of(taken, tmp_path) is None
    assert f"(sudo ss -lp{taken.transport.name[0].lower()}n sport = :{taken.number} names it)" in str(
        PortNotHad(taken, error)
    )


async def test_free_port_is_had_and_left_free() -> None:
    with socket.create_server((HERE, 0)) as probe:
        number = probe.getsockname()[1]
    port = Port(host=HERE, number=number, transport=Transport.TCP, setting="LIANPING_PORT")

    await require_port(port)

    assert trouble_with(port) is None
    assert holder_of(port) is None


async def test_port_that_is_let_go_soon_is_waited_for() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as held:
        held.bind((HERE, 0))
        port = Port(host=HERE, number=held.getsockname()[1], transport=Transport.UDP, setting="LIANPING_MEDIA_PORT")

        waiting = asyncio.create_task(require_port(port, patience_s=60))
        await asyncio.sleep(0)
        held.close()
        await waiting

    assert trouble_with(port) is None


def test_port_of_everywhere_is_taken_where_one_kind_is() -> None:
    with socket.create_server((HERE, 0)) as held:
        port = Port(host="::", number=held.getsockname()[1], transport=Transport.TCP, setting="LIANPING_PORT")

        error = trouble_with(port)

    assert error is not None
    assert error.errno == errno.EADDRINUSE


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (errno.EACCES, "Port 443/TCP is not allowed: ports below 1024 need a privilege"),
        (errno.EADDRNOTAVAIL, "This machine has no address 192.0.2.7"),
        (errno.ENOBUFS, "Nothing can listen at port 443/TCP of 192.0.2.7: No buffer space available."),
    ],
)
def test_other_troubles_are_told_apart(number: int, says: str) -> None:
    port = Port(host="192.0.2.7", number=443, transport=Transport.TCP, setting="LIANPING_PORT")

    assert str(PortNotHad(port, OSError(number, os.strerror(number)))).startswith(says)


async def test_address_of_another_machine_is_refused() -> None:
    port = Port(host="192.0.2.7", number=8443, transport=Transport.UDP, setting="LIANPING_MEDIA_PORT")

    with pytest.raises(PortNotHad) as refused:
        await require_port(port, patience_s=60)

    assert refused.value.errno == errno.EADDRNOTAVAIL
    assert "LIANPING_MEDIA_HOST" in str(refused.value)
