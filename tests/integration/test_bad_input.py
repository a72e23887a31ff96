"""Bad input of every kind: a stable code and a sentence, the record as it was, the connection kept but for abuse."""

import msgpack  # type: ignore[import-untyped]  # it ships no types
import pytest

from server.demo.seat_client import SeatRefused
from server.domain.commands import (
    AnyCommand,
    CastBallot,
    CloseRoom,
    ConfirmSeat,
    HandInScores,
    LockResult,
    MakePledge,
    OpenCheckIn,
    PauseRoom,
    ReleaseSeat,
    ReplaceMember,
    ResumeRoom,
)
from server.domain.ids import Alias, BidAlias, CriterionId, Digest
from server.domain.plan import Person
from server.session.frames import (
    FreshToken,
    Refresh,
    Refused,
    Welcome,
)
from server.web.packing import FRAME_LIMIT, pack
from server.web.sync_socket import FRAMES_AT_ONCE
from tests.support.live_server import E1, E2, H1, L1, S1, V1, W1, Sitting, sheet
from tests.support.raw_socket import raw_socket

pytestmark = pytest.mark.asyncio(loop_scope="module")

A, PLAN = BidAlias("A"), CriterionId("plan")
G1 = Alias("G1")
PERSON = Person(name="某人", organisation="单位", title="工程师")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xc1",
        b"\x81\xa4type\xa6submi",
        b"\xdd\xff\xff\xff\xff",
        b"\x91" * 200,
        msgpack.packb([1, 2, 3]),
        msgpack.packb({"type": "dance"}),
        msgpack.packb({"type": "refresh", "now": True}),
        msgpack.packb({"type": "submit", "text": 1, "signature": b"", "key": ""}),
        msgpack.packb(
            {"type": "save_cell", "lot": "L1", "stage": "scoring", "round": 1, "cell": "A", "value": "1", "version": -1}
        ),
        pack(Refresh())[:-1],
        "{}",
    ],
)
async def test_a_malformed_frame_is_refused_and_the_connection_kept(scored: Sitting, data: bytes | str) -> None:
    seat, before = scored.seats[G1], await scored.lines()
    async with raw_socket(scored) as socket:
        await socket.join(seat.token, seat.key)
        await socket.next(Welcome)

        await socket.send(data)
        refused = await socket.next(Refused)
        await socket.send(Refresh())
        await socket.next(FreshToken)

    assert (refused.code, refused.n) == ("malformed_frame", None)
    assert refused.text.startswith("This is no frame of the protocol")
    assert await scored.lines() == before


async def test_a_second_join_is_refused_and_the_connection_kept(scored: Sitting) -> None:
    async with raw_socket(scored) as socket:
        seat = scored.seats[G1]
        await socket.join(seat.token, seat.key)
        await socket.next(Welcome)

        await socket.join(seat.token, seat.key)

        assert (await socket.next(Refused)).code == "join_missing"
        await socket.send(Refresh())
        await socket.next(FreshToken)


async def test_a_frame_beyond_the_limit_ends_the_connection(scored: Sitting) -> None:
    seat = scored.seats[G1]
    async with raw_socket(scored) as socket:
        await socket.join(seat.token, seat.key)
        await socket.next(Welcome)

        await socket.send(bytes(FRAME_LIMIT + 1))
        while await socket.receive() is not None:
            pass

        assert socket.socket.close_code == 1009


@pytest.mark.parametrize("frame", [pack(Refresh()), b"\xc1", "text"], ids=["good", "malformed", "text"])
async def test_a_flood_of_frames_ends_the_connection(sitting: Sitting, frame: bytes | str) -> None:
    async with raw_socket(sitting) as socket:
        await socket.join(await sitting.token(W1))
        for _ in range(2 * FRAMES_AT_ONCE):
            await socket.send(frame)

        goodbye, close = await socket.end()

    assert (goodbye.code, close) == ("too_many_frames", 4429)


async def _refused(sitting: Sitting, alias: Alias, command: AnyCommand) -> SeatRefused:
    """Why a command is refused; the record is as it was, and the seat is still connected."""
    seat, before = sitting.seats[alias], await sitting.lines()
    with pytest.raises(SeatRefused) as refused:
        await seat.submit(command)
    assert await sitting.lines() == before
    with pytest.raises(SeatRefused, match=r"reason_missing|role_may_not"):
        await seat.submit(PauseRoom(reason=""))
    return refused.value


@pytest.mark.parametrize(
    ("alias", "command", "code"),
    [
        (H1, OpenCheckIn(), "wrong_phase"),
        (H1, ResumeRoom(), "wrong_phase"),
        (E2, CastBallot(round=1, candidate=E1), "wrong_phase"),
        (E1, LockResult(lot=L1), "wrong_phase"),
        (E2, PauseRoom(reason="停电"), "role_may_not"),
        (V1, CloseRoom(reason="结束"), "role_may_not"),
        (S1, PauseRoom(reason="停电"), "role_may_not"),
        (W1, MakePledge(), "role_may_not"),
        (E1, MakePledge(), "already_done"),
        (H1, PauseRoom(reason="  "), "reason_missing"),
        (H1, PauseRoom(reason="长" * 401), "text_too_long"),
        (H1, ReleaseSeat(seat=Alias("E3"), reason="换机"), "other_venue"),
        (H1, ConfirmSeat(seat=E1, key=Digest("00" * 32)), "seat_not_enrolled"),
        (H1, ReplaceMember(member=E2, reason="病", successor=E1, person=PERSON), "alias_used"),
    ],
)
async def test_a_command_of_the_wrong_phase_role_or_content_is_refused(
    scored: Sitting, alias: Alias, command: AnyCommand, code: str
) -> None:
    refused = await _refused(scored, alias, command)

    assert refused.code == code
    assert str(refused) != f"{code}: "


@pytest.mark.parametrize(
    ("points", "code"),
    [
        ("15.5", "points_out_of_range"),
        ("-0.5", "points_out_of_range"),
        ("12.3", "points_off_unit"),
        ("12.555", "points_malformed"),
        ("twelve", "points_malformed"),
        ("１２", "points_malformed"),
        ("1e1", "points_malformed"),
        ("", "points_malformed"),
    ],
)
async def test_points_out_of_range_off_unit_or_malformed_are_refused(scored: Sitting, points: str, code: str) -> None:
    sheet_of = sheet(scored.seats[E2]) | {A: {PLAN: points}}

    refused = await _refused(scored, E2, HandInScores(lot=L1, round=1, points=sheet_of))

    assert refused.code == code


@pytest.mark.parametrize(
    ("change", "number", "code"),
    [
        ({BidAlias("Z"): {PLAN: "9"}}, 1, "points_unknown"),
        ({A: {PLAN: "9", CriterionId("charm"): "9"}}, 1, "points_unknown"),
        ({A: {}}, 1, "points_missing"),
        ({}, 2, "wrong_round"),
    ],
)
async def test_a_sheet_that_does_not_fit_is_refused(
    scored: Sitting, change: dict[BidAlias, dict[CriterionId, str]], number: int, code: str
) -> None:
    points = sheet(scored.seats[E2]) | change

    refused = await _refused(scored, E2, HandInScores(lot=L1, round=number, points=points))

    assert refused.code == code


@pytest.mark.parametrize("text", ["", "{}", "[]", "no json", '{"n":1}', "\ud800"])
async def test_a_text_that_is_no_command_is_refused(scored: Sitting, text: str) -> None:
    seat, before = scored.seats[G1], await scored.lines()
    frame = msgpack.packb(
        {"type": "submit", "text": text, "signature": bytes(64), "key": seat.key.fingerprint},
        unicode_errors="surrogatepass",
    )
    async with raw_socket(scored) as socket:
        await socket.join(seat.token, seat.key)
        await socket.next(Welcome)

        await socket.send(frame)
        refused = await socket.next(Refused)

    assert (refused.code, refused.n) in (("malformed_command", None), ("malformed_frame", None))
    assert await scored.lines() == before
