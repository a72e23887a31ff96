"""`lianping demo --auto`: a server, a room, every seat played, the package written and verified."""

import asyncio
import re
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

from server.app import run_server
from server.demo.narration import narrate, no_pause
from server.demo.play import Say, Troupe, bring_media, play, seat_all
from server.domain.ids import BidAlias, LotId, RoomId
from server.domain.phases import Phase
from server.domain.state import RoomView
from server.evidence.package import LINES, read_package, with_digests
from server.evidence.verdict import Outcome
from server.room_desk import create_room, export_room, issue_codes
from server.settings import Settings, Tls
from server.tender.bid_files import WholeTender
from server.tender.tender_file import Acts
from server.verify_desk import verify_package

_POINT = re.compile(rb'("points":\{"[A-Z]+":\{"[^"]+":")([0-9])')
"The first digit of a sheet's first point."


class RankedBid(Struct, frozen=True, kw_only=True):
    """A line of the result."""

    bid: BidAlias
    total: str
    rank: int
    lot: LotId


class DemoResult(Struct, frozen=True, kw_only=True):
    """What the demo ends with; `verify` is `ok` or the outcome."""

    ranking: tuple[RankedBid, ...]
    package: str
    verify: str
    tampered: str


async def play_demo(whole: WholeTender, folder: Path, *, say: Say) -> DemoResult:
    """Play a tender with the acts of its file; the package and a tampered copy are left in `folder`.

    Raises:
        SeatRefused: the server refused an act.
        TimeoutError: a participant waited in vain.
    """
    with TemporaryDirectory(prefix="lianping-demo-") as data:
        settings = Settings(
            data=Path(data),
            host="127.0.0.1",
            port=0,
            tls=Tls.OFF,
            media_port=0,
            media_addresses=("127.0.0.1",),
            media_log=Path(data) / "media.log",
        )
        async with run_server(settings) as server, AsyncExitStack() as stack:
            room = await create_room(server.backend, whole)
            codes = await issue_codes(server.backend, room)
            troupe = await seat_all(server.address.url, room, codes, stack)
            await bring_media(troupe, stack)
            narrator = asyncio.create_task(narrate(troupe.host, say))
            stack.callback(narrator.cancel)
            await play(troupe, whole.tender.acts or Acts(), no_pause, _is_closed)
            await troupe.host.until(lambda _: troupe.host.record.signed_size == troupe.host.record.have)
            package = await export_room(server.backend, room)
            ranking = _ranking(troupe)
    path, tampered = await asyncio.to_thread(_write, folder, room, package)
    outcome = (await asyncio.to_thread(verify_package, package)).outcome
    verdict = "ok" if outcome is Outcome.SOUND else outcome.value
    return DemoResult(ranking=ranking, package=str(path), verify=verdict, tampered=str(tampered))


def _write(folder: Path, room: RoomId, package: bytes) -> tuple[Path, Path]:
    folder.mkdir(parents=True, exist_ok=True)
    path, tampered = folder / f"{room}.zip", folder / f"{room}-tampered.zip"
    path.write_bytes(package)
    tampered.write_bytes(tamper(package))
    return path, tampered


def tamper(package: bytes) -> bytes:
    """The package with one accepted point changed, and every digest that needs no key made to fit again."""
    contents = read_package(package)
    lines = contents[LINES].split(b"\n")
    victim = next(number for number, line in enumerate(lines) if b'"type":"sheet_scored"' in line)
    lines[victim] = _POINT.sub(lambda found: found[1] + (b"9" if found[2] != b"9" else b"8"), lines[victim], count=1)
    return with_digests({**contents, LINES: b"\n".join(lines)})


def _is_closed(view: RoomView) -> bool:
    return view.phase is Phase.CLOSED


def _ranking(troupe: Troupe) -> tuple[RankedBid, ...]:
    return tuple(
        RankedBid(bid=each.bid, total=each.total, rank=each.rank, lot=name)
        for name, lot in troupe.host.view.lots.items()
        if lot.ranked is not None
        for each in lot.ranked.ranking.order
    )
