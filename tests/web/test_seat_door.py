import msgpack  # type: ignore[import-untyped]  # it ships no types
import pytest

from server.auth.signed_tokens import LIFETIME_S, new_device_id
from server.auth.tokens import Seat
from server.demo.seat_client import SeatClient, SeatKey, SeatRefused
from server.domain.commands import (
    ConfirmSeat,
    HandInScores,
    ReleaseSeat,
)
from server.domain.ids import Alias, Millis, RoomId
from server.domain.lines import parse_line
from server.domain.phases import Stage
from server.domain.roles import Role
from server.session.feed import is_openable
from server.session.frames import (
    CheckpointSigned,
    FreshToken,
    Join,
    Lines,
    Refresh,
    Refused,
    SaveCell,
    Welcome,
)
from server.web.packing import pack
from tests.support.live_server import E1, H1, L1, Sitting, sheet
from tests.support.raw_socket import raw_socket

pytestmark = pytest.mark.asyncio(loop_scope="module")


def cell(value: str, version: int = 1, *, stage: Stage = Stage.SCORING, name: str = "A/plan") -> SaveCell:
    return SaveCell(lot=L1, stage=stage, round=1, cell=name, value=value, version=version)


def refusals(seat: SeatClient) -> list[str]:
    """The codes of all refusals that a seat has heard."""
    return [frame.code for frame in seat.heard if isinstance(frame, Refused)]


async def test_a_seat_is_welcomed_and_gets_its_lines_and_a_checkpoint(sitting: Sitting) -> None:
    async with raw_socket(sitting) as socket:
        await socket.join(await sitting.token(E1))

        welcome = await socket.next(Welcome)
        lines = await socket.next(Lines)
        checkpoint = await socket.next(CheckpointSigned)

    size = len(await sitting.lines())
    assert (welcome.alias, welcome.role, welcome.venue) == (E1, Role.EXPERT, "qingyuan")
    assert (welcome.size, welcome.last_n, welcome.cells) == (size, 0, ())
    assert len(lines.lines) + len(checkpoint.hashes) == size


async def test_a_page_that_holds_everything_gets_only_what_may_have_been_hidden(sitting: Sitting) -> None:
    size = len(await sitting.lines())
    async with raw_socket(sitting) as socket:
        await socket.join(await sitting.token(E1), have=size)

        await socket.next(Welcome)
        lines = await socket.next(Lines)

    assert all(is_openable(parse_line(each.raw)) for each in lines.lines)


@pytest.mark.parametrize(
    ("first", "code", "close"),
    [
        (b"\xc1", "malformed_frame", 4400),
        (msgpack.packb({"type": "dance"}), "malformed_frame", 4400),
        (pack(Refresh()), "join_missing", 4408),
        ("join", "join_missing", 4408),
        (pack(Join(token="a.b.c", have=0, key=None, proof=None)), "token_malformed", 4401),
    ],
    ids=["no msgpack", "unknown frame", "another frame", "text", "no token"],
)
async def test_a_first_frame_that_is_no_join_ends_the_connection(
    sitting: Sitting, first: bytes | str, code: str, close: int
) -> None:
    async with raw_socket(sitting) as socket:
        await socket.send(first)

        goodbye, closed = await socket.end()

    assert (goodbye.code, closed, bool(goodbye.text)) == (code, close, True)


async def test_a_page_of_another_protocol_is_told_to_reload(sitting: Sitting) -> None:
    async with raw_socket(sitting, protocols=["lianping-sync-0"]) as socket:
        goodbye, closed = await socket.end()

    assert (goodbye.code, goodbye.text, closed) == (
        "protocol_unknown",
        "This server speaks lianping-sync-1; reload the page.",
        4400,
    )


@pytest.mark.parametrize(
    ("room", "alias", "age_s", "moves", "code"),
    [
        (None, E1, LIFETIME_S, 0, "token_expired"),
        (RoomId("r-other"), E1, 0, 0, "token_foreign"),
        (None, E1, 0, 1, "token_revoked"),
        (None, Alias("E99"), 0, 0, "seat_unknown"),
    ],
)
async def test_a_token_that_does_not_fit_opens_nothing(
    sitting: Sitting, room: RoomId | None, alias: Alias, age_s: int, moves: int, code: str
) -> None:
    services = sitting.server.services
    holder = Seat(room=room or sitting.room, alias=alias, moves=moves)
    token = services.tokens.issue(holder, new_device_id(), Millis(services.clock() - age_s * 1000))

    async with raw_socket(sitting) as socket:
        await socket.join(token)
        goodbye, _ = await socket.end()

    assert goodbye.code == code


async def test_another_device_is_refused_and_the_first_is_told(sitting: Sitting) -> None:
    _, first = await sitting.enrol(H1, E1)
    token = await sitting.token(E1)

    async with raw_socket(sitting) as without_key, raw_socket(sitting) as with_another:
        await without_key.join(token)
        await with_another.join(token, SeatKey())
        ends = [await without_key.end(), await with_another.end()]

    assert [(goodbye.code, close) for goodbye, close in ends] == [("seat_taken", 4409)] * 2
    await first.until(lambda _: "other_device_refused" in refusals(first))
    await first.put(Refresh())
    await first.until(lambda _: isinstance(first.heard[-1], FreshToken))


async def test_the_same_device_takes_over_at_once(sitting: Sitting) -> None:
    _, first = await sitting.enrol(H1, E1)

    second = await sitting.enter(E1, key=first.key)

    await first.until(lambda _: first.goodbye is not None)
    assert (first.goodbye and first.goodbye.code, second.goodbye) == ("taken_over", None)
    assert second.record.seen == first.record.seen


async def test_a_moved_seat_goes_on_with_every_typed_cell_on_the_new_device(sitting: Sitting) -> None:
    await sitting.play_to_scoring()
    first, host = sitting.seats[E1], sitting.seats[H1]
    old_token = first.token
    typed = [cell("12.5"), cell("9", name="B/plan"), cell("13", 2)]
    for frame in typed:
        await first.put(frame)
    await first.until(lambda _: [each.value for each in first.cells.values()] == ["13", "9"])

    await host.submit(ReleaseSeat(seat=E1, reason="电脑故障"))
    await first.until(lambda _: first.goodbye is not None)
    second = await sitting.enter(E1)
    with pytest.raises(SeatRefused, match="seat_not_enrolled"):
        await second.submit(HandInScores(lot=L1, round=1, points=sheet(second)))
    await second.enrol()
    with pytest.raises(SeatRefused, match="seat_not_confirmed"):
        await second.submit(HandInScores(lot=L1, round=1, points=sheet(second)))
    await host.until(lambda view: view.seats[E1].key == second.key.fingerprint)
    await host.submit(ConfirmSeat(seat=E1, key=second.key.fingerprint))

    assert first.goodbye is not None
    assert first.goodbye.code == "seat_released"
    assert {name: (kept.value, kept.version) for name, kept in second.cells.items()} == {
        "A/plan": ("13", 2),
        "B/plan": ("9", 1),
    }
    await second.submit(HandInScores(lot=L1, round=1, points=sheet(second)))
    async with raw_socket(sitting) as socket:
        await socket.join(old_token, first.key)
        assert (await socket.end())[0].code == "token_revoked"
