import asyncio
import random
import socket
import statistics
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.support import second_network
from tests.support.bad_line import Address, BadLine, Quality, Way
from tests.support.patience import PATIENCE_S, until

GOOD = Quality()


def way(quality: Quality, seed: int = 1) -> Way:
    return Way(quality, random.Random(seed))


def test_way_lets_all_through_at_once_when_nothing_is_wrong() -> None:
    good = way(GOOD)

    assert [good.comes_out_at(1200, now) for now in (1.0, 1.0, 2.0)] == [1.0, 1.0, 2.0]
    assert (good.passed, good.lost) == (3, 0)


def test_way_delays_and_never_lets_one_overtake_another() -> None:
    shaky = way(Quality(delay_ms=80, jitter_ms=40))

    out = [shaky.comes_out_at(1200, n / 1000) or 0.0 for n in range(1000)]

    assert out == sorted(out)
    assert all(0.08 <= at - n / 1000 <= 0.12 + 1e-9 for n, at in enumerate(out))
    assert max(at - n / 1000 for n, at in enumerate(out)) > 0.11


def test_way_loses_as_many_as_it_is_told_and_the_same_ones_for_the_same_seed() -> None:
    fates = [
        [lossy.comes_out_at(1200, float(n)) is None for n in range(10_000)]
        for lossy in (way(Quality(loss=0.05)), way(Quality(loss=0.05, delay_ms=80, jitter_ms=9)))
    ]

    assert fates[0] == fates[1]
    assert 450 < sum(fates[0]) < 550


def test_way_of_another_seed_loses_others() -> None:
    one, other = ([w.comes_out_at(1, 0.0) for _ in range(200)] for w in (way(Quality(loss=0.5), n) for n in (1, 2)))

    assert one != other


def test_narrow_way_sends_one_after_the_other_and_loses_what_would_wait_too_long() -> None:
    narrow = way(Quality(bits_per_second=80_000, queue_ms=250))  # 1000 bytes take 100 ms

    out = [narrow.comes_out_at(1000, 0.0) for _ in range(5)]

    assert out == [pytest.approx(0.1), pytest.approx(0.2), pytest.approx(0.3), None, None]
    assert narrow.comes_out_at(1000, 0.3) == pytest.approx(0.4)


class End:
    """A socket that keeps what comes."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.got: list[tuple[bytes, Address]] = []
        self._sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sock.bind((host, 0))
        self._sock.setblocking(False)
        self.address: Address = self._sock.getsockname()
        asyncio.get_running_loop().add_reader(self._sock, lambda: self.got.append(self._sock.recvfrom(2048)))

    def say(self, data: bytes, remote: Address) -> None:
        self._sock.sendto(data, remote)

    @property
    def heard(self) -> list[bytes]:
        return [data for data, _ in self.got]

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._sock)
        self._sock.close()


@contextmanager
def ends(*hosts: str) -> Iterator[list[End]]:
    made = [End(host) for host in hosts]
    try:
        yield made
    finally:
        for end in made:
            end.close()


@pytest.fixture
async def bad_line() -> AsyncIterator[Callable[[Quality], BadLine]]:
    made: list[BadLine] = []

    def make(quality: Quality) -> BadLine:
        made.append(BadLine(quality, seed=7))
        return made[-1]

    yield make
    for line in made:
        line.close()


async def test_line_joins_two_loopback_addresses_and_tells_seats_apart(
    bad_line: Callable[[Quality], BadLine],
) -> None:
    with ends("127.0.0.1", "127.0.0.1", "127.0.0.1") as (server, one, other):
        door = bad_line(GOOD).door(server.address, at=("127.0.0.2", 0), beyond="127.0.0.3")

        one.say(b"one", door)
        other.say(b"other", door)
        await until(lambda: len(server.got) == 2)
        for data, seat in server.got:
            server.say(b"hello " + data, seat)
        await until(lambda: one.got and other.got)

        assert {host for _, (host, _) in server.got} == {"127.0.0.3"}
        assert (one.got, other.got) == ([(b"hello one", door)], [(b"hello other", door)])


async def test_line_delays_each_way(bad_line: Callable[[Quality], BadLine]) -> None:
    loop = asyncio.get_running_loop()
    with ends("127.0.0.1", "127.0.0.1") as (server, seat):
        door = bad_line(Quality(delay_ms=40)).door(server.address)
        took: list[float] = []

        for _ in range(5):
            began = loop.time()
            seat.say(b"ping", door)
            await until(lambda: len(server.got) > len(took))
            server.say(b"pong", server.got[-1][1])
            await until(lambda: len(seat.got) > len(took))
            took.append(loop.time() - began)

        assert statistics.median(took) >= 0.08


async def test_cut_of_one_way_leaves_the_other_and_a_block_stops_both(
    bad_line: Callable[[Quality], BadLine],
) -> None:
    line = bad_line(GOOD)
    with ends("127.0.0.1", "127.0.0.1") as (server, seat):
        door = line.door(server.address)
        seat.say(b"1", door)
        await until(lambda: server.heard == [b"1"])

        line.cut(line.down)
        server.say(b"never", server.got[0][1])
        seat.say(b"2", door)
        await until(lambda: server.heard == [b"1", b"2"] and line.down.lost == 1)
        line.block()
        seat.say(b"never", door)
        server.say(b"never", server.got[0][1])
        await until(lambda: (line.up.lost, line.down.lost) == (1, 2))
        line.mend()
        server.say(b"3", server.got[0][1])
        await until(lambda: seat.heard)

        assert (server.heard, seat.heard) == ([b"1", b"2"], [b"3"])


async def test_block_loses_what_is_under_way(bad_line: Callable[[Quality], BadLine]) -> None:
    line = bad_line(Quality(delay_ms=200))
    with ends("127.0.0.1", "127.0.0.1") as (server, seat):
        door = line.door(server.address)
        seat.say(b"never", door)
        await until(lambda: line.up.passed == 1)

        line.block()
        line.mend()
        line.up.quality = GOOD
        seat.say(b"later", door)
        await until(lambda: server.heard)

        assert server.heard == [b"later"]


async def test_readdressed_seat_is_seen_from_a_new_port(bad_line: Callable[[Quality], BadLine]) -> None:
    line = bad_line(GOOD)
    with ends("127.0.0.1", "127.0.0.1") as (server, seat):
        door = line.door(server.address)
        seat.say(b"1", door)
        await until(lambda: len(server.got) == 1)

        line.readdress()
        server.say(b"to the old port", server.got[0][1])
        seat.say(b"2", door)
        await until(lambda: len(server.got) == 2)
        server.say(b"to the new port", server.got[1][1])
        await until(lambda: seat.got)

        assert server.got[0][1] != server.got[1][1]
        assert seat.heard == [b"to the new port"]


async def test_through_puts_a_door_before_each_udp_candidate(bad_line: Callable[[Quality], BadLine]) -> None:
    with ends("127.0.0.1", "127.0.0.1") as (server, seat):
        host, port = server.address
        tcp = f"a=candidate:2 1 tcp 1 {host} 9 typ host tcptype passive"
        sdp = f"v=0\r\na=candidate:1 1 UDP 2130706431 {host} {port} typ host\r\n{tcp}\r\n"

        changed = bad_line(GOOD).through(sdp, host="127.0.0.2")
        door = int(changed.split()[6])
        seat.say(b"knock", ("127.0.0.2", door))
        await until(lambda: server.heard == [b"knock"])

        assert changed == f"v=0\r\na=candidate:1 1 UDP 2130706431 127.0.0.2 {door} typ host\r\n{tcp}\r\n"


@pytest.mark.skipif(not second_network.can_be_made(), reason="no network namespaces here")
async def test_line_joins_two_network_namespaces(bad_line: Callable[[Quality], BadLine]) -> None:
    script = "import socket,sys; s=socket.socket(2,2); s.sendto(b'far',(sys.argv[1],int(sys.argv[2])));print(s.recv(9))"
    async with second_network.second_network() as network:
        with ends("127.0.0.1") as (server,):
            host, port = bad_line(GOOD).door(server.address, at=(second_network.HOST, 0), beyond="127.0.0.1")
            inside = ("ip", "netns", "exec", network.name, "python3", "-c", script, host, str(port))
            seat = await asyncio.create_subprocess_exec(*inside, stdout=asyncio.subprocess.PIPE)
            await until(lambda: server.heard == [b"far"])
            server.say(b"near", server.got[0][1])
            async with asyncio.timeout(PATIENCE_S):
                said, _ = await seat.communicate()

    assert said == b"b'near'\n"
