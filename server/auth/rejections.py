"""Every way the entrance refuses. `code` is stable: the client translates it.

Rejection
├── CodeUnknown, TooManyTries                                    a person at the entrance
├── TokenMalformed, TokenForeign, TokenExpired, TokenRevoked     a page with a token
├── CameraPassUnknown, CameraPassExpired                          an encoder with a room camera's pass
├── SeatKeyUnfit                                                 a page that asks for a certificate
└── LoosePermissions, SecretsDamaged, RootExpired, IssuerExpired the operator who starts the server
"""

from typing import ClassVar

from server.domain.errors import Rejection


class CodeUnknown(Rejection):
    """Wrong, used, expired or withdrawn: one answer for all, so that guessing teaches nothing."""

    code: ClassVar[str] = "code_unknown"
    sentence: ClassVar[str] = "This entry code is not valid."


class TooManyTries(Rejection):
    """Too many wrong codes or passes from one address or at one door."""

    code: ClassVar[str] = "too_many_tries"
    sentence: ClassVar[str] = "Too many wrong codes or tokens; try again in {retry_after_s} s at the latest."


class TokenMalformed(Rejection):
    """Not a token of this server's form."""

    code: ClassVar[str] = "token_malformed"
    sentence: ClassVar[str] = "This is no token the server can read."


class TokenForeign(Rejection):
    """Well formed, but of another key, algorithm, audience or room."""

    code: ClassVar[str] = "token_foreign"
    sentence: ClassVar[str] = "The token was not issued for this place: {detail}."


class TokenExpired(Rejection):
    """Too old to use, or even to be refreshed."""

    code: ClassVar[str] = "token_expired"
    sentence: ClassVar[str] = "The token has expired."


class TokenRevoked(Rejection):
    """The device was shut out."""

    code: ClassVar[str] = "token_revoked"
    sentence: ClassVar[str] = "The right of this device to enter was withdrawn."


class CameraPassUnknown(Rejection):
    """Wrong, replaced or withdrawn: one answer for all."""

    code: ClassVar[str] = "camera_pass_unknown"
    sentence: ClassVar[str] = "This pass opens no room camera; the operator can issue a new one."


class CameraPassExpired(Rejection):
    """It was good until lately."""

    code: ClassVar[str] = "camera_pass_expired"
    sentence: ClassVar[str] = "The room camera's pass has expired; the operator can issue a new one."


class SeatKeyUnfit(Rejection):
    """The page offers a public key that no command certificate may carry."""

    code: ClassVar[str] = "seat_key_unfit"
    sentence: ClassVar[str] = "The seat's key must be an uncompressed P-256 key in SPKI form."


class LoosePermissions(Rejection):
    """A folder or file of secrets is open to other users of the machine."""

    code: ClassVar[str] = "loose_permissions"
    sentence: ClassVar[str] = (
        "Others may read {path} (mode {mode:04o}), where secrets lie; run: chmod {wanted:o} {path}"
    )


class SecretsDamaged(Rejection):
    """A secret is missing or unreadable; making a new one would cut the server off from its own record."""

    code: ClassVar[str] = "secrets_damaged"
    sentence: ClassVar[str] = "The secret {path} {detail}; restore it from the backup."


class RootExpired(Rejection):
    """The embedded TLS root has ended; a new one must be trusted by every seat, so a person decides."""

    code: ClassVar[str] = "root_expired"
    sentence: ClassVar[str] = "The TLS root in {folder} has expired; move that folder away and start again to make one."


class IssuerExpired(Rejection):
    """A venue's issuing certificate has ended, and rooms name it in their first event, so a person decides."""

    code: ClassVar[str] = "issuer_expired"
    sentence: ClassVar[str] = (
        "The issuing certificate {name} has expired; move its folder out of the keyring to have a new one made."
    )
