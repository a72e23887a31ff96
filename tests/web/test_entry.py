import asyncio
from typing import Any

import aiohttp
import pytest

from server.auth.signed_tokens import LIFETIME_S, REFRESH_GRACE_S, new_device_id
from server.auth.tokens import Seat
from server.auth.tries import TryLimits
from server.demo.seat_client import SeatRefused
from server.domain.commands import ReleaseSeat
from server.domain.ids import Alias, Millis, RoomId
from tests.support.live_server import E1, H1, V1, Sitting

pytestmark = pytest.mark.asyncio(loop_scope="module")

LIMITS = TryLimits()


async def post(sitting: Sitting, path: str, **how: Any) -> tuple[int, dict[str, str], dict[str, str]]:
    """Status, body and headers of the answer."""
    async with aiohttp.ClientSession() as http, http.post(sitting.url + path, **how) as answer:
        return answer.status, await answer.json(), dict(answer.headers)


def bearer(token: str) -> dict[str, dict[str, str]]:
    return {"headers": {"Authorization": f"Bearer {token}"}}


async def forget_tries(sitting: Sitting) -> None:
    """What waiting ten minutes would do."""
    await sitting.server.backend.store.ask("DEL", "attempts:address:127.0.0.1", "attempts:door:front")


async def test_a_code_opens_its_seat_once(sitting: Sitting) -> None:
    code = await sitting.code(E1)

    status, entry, headers = await post(sitting, "/api/entry", json={"code": f"{code[:4]} {code[4:]}"})
    again = await post(sitting, "/api/entry", json={"code": code})

    token = entry.pop("token")
    assert (status, entry) == (200, {"room": sitting.room, "alias": "E1", "role": "expert", "venue": "qingyuan"})
    assert headers["Cache-Control"] == "no-store"
    services = sitting.server.services
    verified = await services.tokens.verify(token, room=sitting.room, now=services.clock())
    assert verified.holder == Seat(room=sitting.room, alias=E1, moves=0)
    assert again[:2] == (403, {"code": "code_unknown", "text": "This entry code is not valid."})
    await forget_tries(sitting)


async def test_a_page_whose_answer_was_lost_enters_again_with_its_secret_and_nobody_else_does(
    sitting: Sitting,
) -> None:
    code = await sitting.code(E1)

    async def answer(secret: str) -> tuple[int, str | None]:
        status, body, _ = await post(sitting, "/api/entry", json={"code": code, "secret": secret})
        return status, body.get("alias")

    answers = [await answer(secret * 16) for secret in "mhm"]

    assert answers == [(200, "E1"), (403, None), (200, "E1")]
    await forget_tries(sitting)


@pytest.mark.parametrize("is_used", [False, True])
async def test_a_code_from_before_a_seat_was_moved_opens_it_no_more(sitting: Sitting, is_used: bool) -> None:
    code = {"code": await sitting.code(E1), "secret": "m" * 16}
    if is_used:
        assert (await post(sitting, "/api/entry", json=code))[0] == 200
    host, _ = await sitting.enrol(H1, E1)
    await host.submit(ReleaseSeat(seat=E1, reason="换机"))

    status, answer, _ = await post(sitting, "/api/entry", json=code)

    assert (status, answer["code"]) == (403, "code_unknown")
    await forget_tries(sitting)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b'{"code":12345678}',
        b'{"code":"1234"}',
        b'{"code":"\xff"}',
        b'{"code":"12345678","door":"back"}',
        b'{"code":"12345678","secret":"short"}',
    ],
)
async def test_a_body_that_holds_no_code_is_refused(sitting: Sitting, body: bytes) -> None:
    headers = {"Content-Type": "application/json; charset=klingon"}

    status, answer, _ = await post(sitting, "/api/entry", data=body, headers=headers)

    assert (status, answer) == (403, {"code": "code_unknown", "text": "This entry code is not valid."})


async def test_too_many_wrong_codes_close_the_entrance_to_this_address(sitting: Sitting) -> None:
    wrong = [(await post(sitting, "/api/entry", json={"code": f"{n:08}"}))[0] for n in range(LIMITS.per_address)]
    code = await sitting.code(E1)

    status, answer, headers = await post(sitting, "/api/entry", json={"code": code})

    assert (wrong, status, answer["code"]) == ([403] * LIMITS.per_address, 429, "too_many_tries")
    assert headers["Retry-After"] == str(LIMITS.window_s)
    await forget_tries(sitting)
    assert (await post(sitting, "/api/entry", json={"code": code}))[0] == 200


async def test_right_codes_of_a_whole_hall_are_no_tries(sitting: Sitting) -> None:
    codes = [await sitting.code(E1) for _ in range(LIMITS.per_address + 3)]

    answers = [(await post(sitting, "/api/entry", json={"code": code}))[0] for code in codes]

    assert set(answers) == {200}


@pytest.mark.parametrize(
    ("age_s", "status"),
    [(0, 200), (LIFETIME_S + 60, 200), (LIFETIME_S + REFRESH_GRACE_S, 401)],
    ids=["good", "slept", "slept too long"],
)
async def test_a_token_is_renewed_within_the_grace(sitting: Sitting, age_s: int, status: int) -> None:
    services = sitting.server.services
    holder = Seat(room=sitting.room, alias=E1, moves=0)
    token = services.tokens.issue(holder, new_device_id(), Millis(services.clock() - age_s * 1000))

    got, answer, _ = await post(sitting, f"/api/rooms/{sitting.room}/token", **bearer(token))

    assert got == status
    if status == 200:
        fresh = await services.tokens.verify(answer["token"], room=sitting.room, now=services.clock())
        assert fresh.holder == holder
    else:
        assert answer["code"] == "token_expired"


async def test_a_token_is_renewed_for_its_own_room_only(sitting: Sitting) -> None:
    token = await sitting.token(E1)

    foreign = await post(sitting, "/api/rooms/r-other/token", **bearer(token))
    missing = await post(sitting, f"/api/rooms/{sitting.room}/token")

    assert [(status, answer["code"]) for status, answer, _ in (foreign, missing)] == [
        (401, "token_foreign"),
        (401, "token_malformed"),
    ]


async def test_the_tokens_of_a_moved_seat_are_neither_renewed_nor_obeyed(sitting: Sitting) -> None:
    host, _ = await sitting.enrol(H1, E1)
    tokens = {E1: sitting.seats[E1].token, H1: host.token}
    await host.submit(ReleaseSeat(seat=E1, reason="换机"))
    with pytest.raises(SeatRefused, match="seat_released"):
        await host.submit(ReleaseSeat(seat=H1, reason="换机"))

    answers = [await post(sitting, f"/api/rooms/{sitting.room}/token", **bearer(token)) for token in tokens.values()]
    answers.append(await post(sitting, f"/api/rooms/{sitting.room}/seats/E1/code", **bearer(tokens[H1])))

    assert [(status, answer["code"]) for status, answer, _ in answers] == [(401, "token_revoked")] * 3


async def test_an_operator_gives_out_a_new_code_for_an_empty_seat_of_the_own_venue(sitting: Sitting) -> None:
    host, member = await sitting.enrol(H1, E1)
    path = f"/api/rooms/{sitting.room}/seats/E1/code"
    taken = await post(sitting, path, **bearer(host.token))
    await host.submit(ReleaseSeat(seat=E1, reason="换机"))
    await member.until(lambda _: member.goodbye is not None)

    status, answer, headers = await post(sitting, path, **bearer(host.token))

    assert (taken[0], taken[1]["code"]) == (409, "seat_taken")
    assert (status, headers["Cache-Control"]) == (200, "no-store")
    entered = await post(sitting, "/api/entry", json={"code": answer["code"]})
    assert (entered[0], entered[1]["alias"]) == (200, "E1")


@pytest.mark.parametrize(
    ("by", "seat", "status", "code"),
    [
        (E1, "E2", 403, "role_may_not"),
        (V1, "E1", 403, "other_venue"),
        (H1, "E99", 404, "seat_unknown"),
    ],
)
async def test_a_new_code_is_refused(sitting: Sitting, by: Alias, seat: str, status: int, code: str) -> None:
    token = await sitting.token(by)

    got, answer, _ = await post(sitting, f"/api/rooms/{sitting.room}/seats/{seat}/code", **bearer(token))

    assert (got, answer["code"]) == (status, code)


async def test_there_is_no_entry_to_a_room_that_is_unknown(sitting: Sitting) -> None:
    services, room = sitting.server.services, RoomId("r-unknown")
    token = services.tokens.issue(Seat(room=room, alias=H1, moves=0), new_device_id(), services.clock())

    answers = await asyncio.gather(
        post(sitting, f"/api/rooms/{room}/token", **bearer(token)),
        post(sitting, f"/api/rooms/{room}/seats/E1/code", **bearer(token)),
    )

    assert [(status, answer["code"]) for status, answer, _ in answers] == [(404, "room_unknown")] * 2
