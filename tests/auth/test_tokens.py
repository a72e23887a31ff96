import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from server.auth.operators import AUDIENCE as OPERATOR_AUDIENCE
from server.auth.rejections import TokenExpired, TokenForeign, TokenRevoked
from server.auth.signed_tokens import DeviceId, SignedToken, TokenKeys, sign_token, stamp
from server.auth.tokens import AUDIENCE, Seat, SeatTokens
from server.domain.ids import Alias, Millis, RoomId
from tests.support.code_store import MemoryCodeStore

NOW = Millis(1_800_000_000_000)
MINUTE = 60_000
KEYS = TokenKeys(signing=Ed25519PrivateKey.from_private_bytes(bytes(32)))
ROOM, OTHER_ROOM = RoomId("r1"), RoomId("r2")
SEAT = Seat(room=ROOM, alias=Alias("E3"), moves=0)
DEVICE, OTHER_DEVICE = DeviceId("d1"), DeviceId("d2")


def _later(minutes: float) -> Millis:
    return Millis(int(NOW + minutes * MINUTE))


@pytest.fixture
def store() -> MemoryCodeStore:
    return MemoryCodeStore()


@pytest.fixture
def tokens(store: MemoryCodeStore) -> SeatTokens:
    return SeatTokens(KEYS, store)


async def test_token_opens_its_room(tokens: SeatTokens) -> None:
    token = tokens.issue(SEAT, DEVICE, NOW)

    found = await tokens.verify(token, room=ROOM, now=_later(14.9))

    assert found == SignedToken(stamp=stamp("lianping", DEVICE, NOW), holder=SEAT)


async def test_token_opens_no_other_room(tokens: SeatTokens) -> None:
    token = tokens.issue(SEAT, DEVICE, NOW)

    with pytest.raises(TokenForeign):
        await tokens.verify(token, room=OTHER_ROOM, now=NOW)
    with pytest.raises(TokenForeign):
        await tokens.refresh(token, room=OTHER_ROOM, now=NOW)


async def test_token_for_operators_opens_no_room(tokens: SeatTokens) -> None:
    token = sign_token(SignedToken(stamp=stamp(OPERATOR_AUDIENCE, DEVICE, NOW), holder=SEAT), KEYS)

    with pytest.raises(TokenForeign):
        await tokens.verify(token, room=ROOM, now=NOW)


async def test_token_expires_after_fifteen_minutes(tokens: SeatTokens) -> None:
    token = tokens.issue(SEAT, DEVICE, NOW)

    with pytest.raises(TokenExpired):
        await tokens.verify(token, room=ROOM, now=_later(15))


@pytest.mark.parametrize("minutes", [1, 15, 15 + 359], ids=["awake", "expired", "slept"])
async def test_refresh_keeps_seat_and_device(tokens: SeatTokens, minutes: int) -> None:
    token = tokens.issue(SEAT, DEVICE, NOW)

    fresh = await tokens.refresh(token, room=ROOM, now=_later(minutes))

    found = await tokens.verify(fresh, room=ROOM, now=_later(minutes + 14))
    assert found == SignedToken(stamp=stamp(AUDIENCE, DEVICE, _later(minutes)), holder=SEAT)


async def test_refresh_refuses_a_pc_that_slept_too_long(tokens: SeatTokens) -> None:
    token = tokens.issue(SEAT, DEVICE, NOW)

    with pytest.raises(TokenExpired):
        await tokens.refresh(token, room=ROOM, now=_later(15 + 360))


async def test_revoked_device_is_out_at_once_with_every_token(tokens: SeatTokens) -> None:
    first = tokens.issue(SEAT, DEVICE, NOW)
    second = await tokens.refresh(first, room=ROOM, now=_later(1))

    await tokens.revoke(DEVICE)

    for token in (first, second):
        with pytest.raises(TokenRevoked):
            await tokens.verify(token, room=ROOM, now=_later(1))
        with pytest.raises(TokenRevoked):
            await tokens.refresh(token, room=ROOM, now=_later(1))


async def test_revoking_a_device_leaves_the_new_one_in(tokens: SeatTokens) -> None:
    await tokens.revoke(DEVICE)
    token = tokens.issue(SEAT, OTHER_DEVICE, NOW)

    found = await tokens.verify(token, room=ROOM, now=NOW)

    assert found.stamp.device == OTHER_DEVICE


async def test_revocation_outlives_every_token_of_the_device(store: MemoryCodeStore, tokens: SeatTokens) -> None:
    token = tokens.issue(SEAT, DEVICE, NOW)
    await tokens.revoke(DEVICE)

    store.now_s = store.revoked[DEVICE]

    assert not await store.is_revoked(DEVICE)
    with pytest.raises(TokenExpired):
        await tokens.refresh(token, room=ROOM, now=Millis(NOW + store.now_s * 1000))
