"""Signed tokens: EdDSA JWTs that say who holds them, for which audience, on which device, until when.

The signature is PyJWT's; the claims are read by msgspec, strictly, and judged against a given clock. A token is a few
claims about itself (`Stamp`) and a few about its holder (a seat or an operator), side by side in one JSON object.
Source: RFC 7519; RFC 8037, 3.1.
"""

import hashlib
import secrets
from typing import Any, Generic, NewType, Protocol, TypeVar, cast

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from server.auth.rejections import TokenExpired, TokenForeign, TokenMalformed
from server.domain.ids import Millis

ALGORITHM = "EdDSA"
LIFETIME_S = 15 * 60
REFRESH_GRACE_S = 6 * 3600
"How long after its end a token may still be refreshed: a PC that slept through half a sitting."
REVOCATION_S = LIFETIME_S + REFRESH_GRACE_S + 60
"Until no token of a shut-out device can be refreshed any more, one issued at that very moment included."
MAX_TOKEN_CHARS = 2048

DeviceId = NewType("DeviceId", str)
"One entry on one device, made anew with each code; refreshing keeps it, revoking it ends all its tokens."

HolderT = TypeVar("HolderT", bound=msgspec.Struct)

_JWS = jwt.PyJWS(algorithms=[ALGORITHM])


class Revocations(Protocol):
    """Remembers the devices that were shut out."""

    async def revoke_token(self, token_id: str, /, *, ttl_s: int) -> None:
        """Refuse this id from now on, for `ttl_s` seconds."""
        ...

    async def is_revoked(self, token_id: str, /) -> bool:
        """Whether this id is refused now."""
        ...


class TokenKeys(msgspec.Struct, frozen=True, kw_only=True):
    """The key that signs tokens and the one before it, whose tokens stay good until they expire."""

    signing: Ed25519PrivateKey
    previous: Ed25519PublicKey | None = None

    def verifying(self, kid: object) -> Ed25519PublicKey | None:
        """The public key with this id, or None if it is not ours."""
        known = [self.signing.public_key(), *([self.previous] if self.previous else [])]
        return next((key for key in known if key_id(key) == kid), None)


class Stamp(msgspec.Struct, frozen=True, kw_only=True, rename={"audience": "aud", "device": "did"}):
    """What a token says about itself."""

    audience: str
    device: DeviceId
    iat: int
    "Issued at: seconds since 1970-01-01 UTC."
    exp: int
    "Good until, not including: seconds since 1970-01-01 UTC."


class SignedToken(msgspec.Struct, Generic[HolderT], frozen=True, kw_only=True):
    """A token whose signature and audience were found good."""

    stamp: Stamp
    holder: HolderT


def key_id(key: Ed25519PublicKey) -> str:
    """The `kid` of a key: the first 16 hexadecimal digits of the SHA-256 of its 32 bytes."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def new_device_id() -> DeviceId:
    """A device id that nobody can guess."""
    return DeviceId(secrets.token_hex(16))


def stamp(audience: str, device: DeviceId, now: Millis) -> Stamp:
    """The stamp of a token issued now."""
    iat = now // 1000
    return Stamp(audience=audience, device=device, iat=iat, exp=iat + LIFETIME_S)


def sign_token(token: SignedToken[Any], keys: TokenKeys) -> str:
    """The token in JWT compact form."""
    claims = msgspec.to_builtins(token.holder) | msgspec.to_builtins(token.stamp)
    headers = {"kid": key_id(keys.signing.public_key()), "typ": "JWT"}
    return _JWS.encode(msgspec.json.encode(claims), keys.signing, algorithm=ALGORITHM, headers=headers)


def read_token(token: str, holder: type[HolderT], *, audience: str, keys: TokenKeys) -> SignedToken[HolderT]:
    """The claims of a token that one of our keys signed for this audience; its time is not judged here.

    Raises:
        TokenMalformed: no JWT, or a claim is missing or of the wrong type.
        TokenForeign: another key, algorithm or audience.
    """
    payload = _verified_payload(token, keys)
    try:
        found = msgspec.json.decode(payload, type=Stamp)
        if found.audience != audience:
            raise TokenForeign(detail="another audience")
        return SignedToken(stamp=found, holder=msgspec.json.decode(payload, type=holder))
    except msgspec.MsgspecError as error:
        raise TokenMalformed from error


def refuse_expired(found: Stamp, now: Millis, *, grace_s: int = 0) -> None:
    """Nothing, if the token is still good or ended less than `grace_s` seconds ago.

    Raises:
        TokenExpired: it ended earlier.
    """
    if now >= (found.exp + grace_s) * 1000:
        raise TokenExpired


def _verified_payload(token: str, keys: TokenKeys) -> bytes:
    if len(token) > MAX_TOKEN_CHARS or not token.isascii():
        raise TokenMalformed
    try:
        header = _JWS.get_unverified_header(token)
        key = keys.verifying(header.get("kid"))
        if key is None or header.get("alg") != ALGORITHM:
            raise TokenForeign(detail="another key or algorithm")
        return cast(bytes, _JWS.decode(token, key, algorithms=[ALGORITHM]))
    except jwt.InvalidSignatureError as error:
        raise TokenForeign(detail="another key") from error
    except jwt.InvalidTokenError as error:
        raise TokenMalformed from error
