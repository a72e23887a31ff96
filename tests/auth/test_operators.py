from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from server.auth.operators import (
    Operator,
    OperatorId,
    OperatorTokens,
    add_operator,
    list_operators,
    new_operator_id,
    remove_operator,
)
from server.auth.rejections import LoosePermissions, TokenExpired, TokenForeign, TokenRevoked
from server.auth.signed_tokens import DeviceId, SignedToken, TokenKeys, stamp
from server.auth.tokens import Seat, SeatTokens
from server.domain.ids import Alias, Millis, RoomId, VenueId
from tests.support.code_store import MemoryCodeStore

NOW = Millis(1_800_000_000_000)
KEYS = TokenKeys(signing=Ed25519PrivateKey.from_private_bytes(bytes(32)))
WANG = Operator(id=OperatorId("op-1"), name="王主任", venue=VenueId("jia"))
LI = Operator(id=OperatorId("op-2"), name="李主任", venue=VenueId("yi"))
DEVICE = DeviceId("d1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "operators"


@pytest.fixture
def tokens(folder: Path) -> OperatorTokens:
    add_operator(folder, WANG)
    return OperatorTokens(KEYS, MemoryCodeStore(), folder)


def test_accounts_are_empty_before_the_first_operator(folder: Path) -> None:
    assert list_operators(folder) == []


def test_accounts_are_kept_in_private_files(folder: Path) -> None:
    for operator in (LI, WANG):
        add_operator(folder, operator)

    assert list_operators(folder) == [WANG, LI]
    assert [path.stat().st_mode & 0o777 for path in (folder, *folder.iterdir())] == [0o700, 0o600, 0o600]


def test_account_added_again_is_replaced(folder: Path) -> None:
    moved = Operator(id=WANG.id, name="王主任", venue=VenueId("bing"))
    add_operator(folder, WANG)

    add_operator(folder, moved)

    assert list_operators(folder) == [moved]


def test_removed_account_is_gone(folder: Path) -> None:
    for operator in (WANG, LI):
        add_operator(folder, operator)

    remove_operator(folder, WANG.id)

    assert list_operators(folder) == [LI]


def test_accounts_that_others_may_read_are_refused(folder: Path) -> None:
    add_operator(folder, WANG)
    folder.chmod(0o755)

    with pytest.raises(LoosePermissions):
        list_operators(folder)


def test_operator_ids_differ_and_are_found_again(folder: Path) -> None:
    operators = [Operator(id=new_operator_id(), name="王", venue=VenueId("jia")) for _ in range(2)]
    for operator in operators:
        add_operator(folder, operator)

    assert list_operators(folder) == sorted(operators, key=lambda operator: operator.id)


async def test_token_names_the_operator(tokens: OperatorTokens) -> None:
    token = tokens.issue(WANG, DEVICE, NOW)

    found = await tokens.verify(token, NOW)

    assert found == SignedToken(stamp=stamp("lianping-operator", DEVICE, NOW), holder=WANG)


async def test_token_of_an_operator_opens_no_seat_and_the_other_way_round(tokens: OperatorTokens) -> None:
    seats = SeatTokens(KEYS, MemoryCodeStore())
    operator_token = tokens.issue(WANG, DEVICE, NOW)
    seat_token = seats.issue(Seat(room=RoomId("r1"), alias=Alias("E3"), moves=0), DEVICE, NOW)

    with pytest.raises(TokenForeign):
        await seats.verify(operator_token, room=RoomId("r1"), now=NOW)
    with pytest.raises(TokenForeign):
        await tokens.verify(seat_token, NOW)


async def test_token_expires_but_can_be_refreshed(tokens: OperatorTokens) -> None:
    token = tokens.issue(WANG, DEVICE, NOW)
    later = Millis(NOW + 15 * 60_000)

    with pytest.raises(TokenExpired):
        await tokens.verify(token, later)
    fresh = await tokens.refresh(token, later)

    assert (await tokens.verify(fresh, later)).holder == WANG


async def test_token_stands_for_the_account_as_it_is_now(folder: Path, tokens: OperatorTokens) -> None:
    token = tokens.issue(WANG, DEVICE, NOW)
    moved = Operator(id=WANG.id, name="王主任", venue=VenueId("bing"))
    add_operator(folder, moved)

    fresh = await tokens.refresh(token, NOW)

    assert [(await tokens.verify(each, NOW)).holder for each in (token, fresh)] == [moved, moved]


async def test_tokens_of_a_closed_account_end_with_it(folder: Path, tokens: OperatorTokens) -> None:
    add_operator(folder, LI)
    token = tokens.issue(WANG, DEVICE, NOW)
    remove_operator(folder, WANG.id)

    with pytest.raises(TokenRevoked):
        await tokens.verify(token, NOW)
    with pytest.raises(TokenRevoked):
        await tokens.refresh(token, NOW)


async def test_revoked_device_is_out_at_once(tokens: OperatorTokens) -> None:
    token = tokens.issue(WANG, DEVICE, NOW)

    await tokens.revoke(DEVICE)

    with pytest.raises(TokenRevoked):
        await tokens.verify(token, NOW)
    with pytest.raises(TokenRevoked):
        await tokens.refresh(token, NOW)
