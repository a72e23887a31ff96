import base64
import json

import jwt
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.types import Options

from server.auth.rejections import TokenExpired, TokenForeign, TokenMalformed
from server.auth.signed_tokens import (
    DeviceId,
    SignedToken,
    Stamp,
    TokenKeys,
    key_id,
    new_device_id,
    read_token,
    refuse_expired,
    sign_token,
    stamp,
)
from server.domain.ids import Millis

NOW = Millis(1_800_000_000_500)
OLD, NEW, STRANGE = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2, 3))
KEYS = TokenKeys(signing=NEW, previous=OLD.public_key())
DEVICE = DeviceId("d1")


class Holder(msgspec.Struct, frozen=True, kw_only=True, rename={"who": "sub"}):
    who: str


TOKEN = SignedToken(stamp=stamp("here", DEVICE, NOW), holder=Holder(who="E3"))
CLAIMS = {"sub": "E3", "aud": "here", "did": "d1", "iat": 1_800_000_000, "exp": 1_800_000_900}


def _jwt(claims: object, key: Ed25519PrivateKey = NEW, **headers: object) -> str:
    """A token signed with `key` but saying in its header what the test wants."""
    header = {"alg": "EdDSA", "typ": "JWT", "kid": key_id(key.public_key())} | headers
    signed = ".".join(_segment(json.dumps(part).encode()) for part in (header, claims))
    return f"{signed}.{_segment(key.sign(signed.encode()))}"


def _segment(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _read(token: str, keys: TokenKeys = KEYS) -> SignedToken[Holder]:
    return read_token(token, Holder, audience="here", keys=keys)


def test_token_gives_back_what_was_signed() -> None:
    assert _read(sign_token(TOKEN, KEYS)) == TOKEN


def test_token_is_a_jwt_that_others_can_read() -> None:
    token = sign_token(TOKEN, KEYS)

    anytime: Options = {"verify_exp": False, "verify_iat": False}
    claims = jwt.decode(token, NEW.public_key(), algorithms=["EdDSA"], audience="here", options=anytime)

    assert claims == CLAIMS
    assert jwt.get_unverified_header(token) == {"alg": "EdDSA", "kid": key_id(NEW.public_key()), "typ": "JWT"}


def test_token_of_another_maker_with_the_same_claims_is_read() -> None:
    assert _read(_jwt(CLAIMS)) == TOKEN


def test_token_of_the_key_before_the_rotation_is_read() -> None:
    before = TokenKeys(signing=OLD)
    token = sign_token(TOKEN, before)

    assert _read(token) == TOKEN


def test_token_of_a_key_rotated_out_twice_is_foreign() -> None:
    token = sign_token(TOKEN, TokenKeys(signing=OLD))

    with pytest.raises(TokenForeign):
        _read(token, TokenKeys(signing=STRANGE, previous=NEW.public_key()))


def test_keys_know_only_their_own_ids() -> None:
    ids = [key_id(key.public_key()) for key in (NEW, OLD, STRANGE)]

    assert [KEYS.verifying(kid) for kid in [*ids, None]] == [NEW.public_key(), OLD.public_key(), None, None]


@pytest.mark.parametrize(
    "token",
    [
        _jwt(CLAIMS, STRANGE),
        _jwt(CLAIMS, STRANGE, kid=key_id(NEW.public_key())),
        _jwt(CLAIMS, alg="none"),
        _jwt(CLAIMS, alg="none").rpartition(".")[0] + ".",
        _jwt(CLAIMS, alg="HS256"),
        _jwt(CLAIMS | {"aud": "elsewhere"}),
    ],
    ids=["unknown key", "key pretended", "algorithm none", "none without signature", "HMAC", "audience"],
)
def test_foreign_token_is_refused(token: str) -> None:
    with pytest.raises(TokenForeign):
        _read(token)


def test_hmac_over_the_public_key_is_foreign() -> None:
    public = NEW.public_key().public_bytes_raw()
    token = jwt.encode(CLAIMS, public, algorithm="HS256", headers={"kid": key_id(NEW.public_key())})

    with pytest.raises(TokenForeign):
        _read(token)


@pytest.mark.parametrize("claim", sorted(CLAIMS))
def test_token_without_one_claim_is_malformed(claim: str) -> None:
    with pytest.raises(TokenMalformed):
        _read(_jwt({name: value for name, value in CLAIMS.items() if name != claim}))


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b",
        "a.b.c",
        "十.二.三",
        _jwt(CLAIMS, kid=7),
        _jwt(CLAIMS, crit=["x"]),
        _jwt(CLAIMS | {"exp": "1800000900"}),
        _jwt(["E3"]),
        _jwt(CLAIMS | {"sub": "E" * 2048}),
    ],
    ids=["empty", "two parts", "no base64", "no ascii", "kid", "critical", "exp", "list", "long"],
)
def test_malformed_token_is_refused(token: str) -> None:
    with pytest.raises(TokenMalformed):
        _read(token)


def test_every_changed_character_is_refused() -> None:
    token = sign_token(TOKEN, KEYS)
    body = token.rindex(".")

    for place in range(body):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises((TokenMalformed, TokenForeign)):
            _read(changed)


@pytest.mark.parametrize(("grace_s", "end_ms"), [(0, 1_800_000_900_000), (60, 1_800_000_960_000)])
def test_token_expires_at_its_end_and_not_before(grace_s: int, end_ms: int) -> None:
    refuse_expired(TOKEN.stamp, Millis(end_ms - 1), grace_s=grace_s)

    with pytest.raises(TokenExpired):
        refuse_expired(TOKEN.stamp, Millis(end_ms), grace_s=grace_s)


def test_stamp_lasts_fifteen_minutes() -> None:
    assert stamp("here", DEVICE, NOW) == Stamp(audience="here", device=DEVICE, iat=1_800_000_000, exp=1_800_000_900)


def test_device_ids_are_128_random_bits() -> None:
    first, second = new_device_id(), new_device_id()

    assert first != second
    assert [len(bytes.fromhex(device)) for device in (first, second)] == [16, 16]
