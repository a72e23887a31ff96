"""The keyring: one folder (mode 0700) of what this server signs and hashes with, made at the first start, loaded later.

```text
keys/
  token.key  token-previous.key   sign the tokens; the second is the first as it was before the last rotation
  code.key                        keys the hashes of entry codes
  log.key                         signs the checkpoints of this server's logs
  witness.key                     cosigns checkpoints as a venue's witness
  venue-<id>/                     a venue's issuing key and its certificate, made when first asked for
  seal-<id>/  timestamps-<id>/    a venue's electronic seal and its time-stamp service, each a key with its certificate
```

Keys are PKCS #8 in PEM, the one for codes 64 hexadecimal digits. A keyring with a piece missing is refused, never
completed: a new log key would disown every head signed with the old one.
"""

import secrets
from pathlib import Path
from urllib.parse import quote

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from server.auth.certificates import make_venue_issuer
from server.auth.certified_keys import CertifiedKey, open_certified_key
from server.auth.document_certificates import issue_seal_certificate, issue_timestamp_certificate
from server.auth.private_files import create_private_folder, read_private_file, replace_private_file
from server.auth.private_keys import private_pem, read_ed25519_key
from server.auth.rejections import SecretsDamaged
from server.auth.signed_tokens import TokenKeys
from server.auth.x509_authority import Authority, authority_files, read_authority
from server.domain.ids import Millis, VenueId

CODE_KEY_BYTES = 32


class Keyring(msgspec.Struct, frozen=True, kw_only=True):
    """The secrets of one server."""

    token: TokenKeys
    code: bytes
    "32 bytes."
    log: Ed25519PrivateKey
    witness: Ed25519PrivateKey

    def __repr__(self) -> str:
        return "Keyring(hidden)"


def open_keyring(folder: Path) -> Keyring:
    """The server's secrets, made now if the folder is missing or empty.

    Raises:
        LoosePermissions: others may read the folder or a file in it.
        SecretsDamaged: a file is missing or unreadable.
    """
    if not folder.exists() or not any(folder.iterdir()):
        create_private_folder(folder, _new_secrets())
    return Keyring(
        token=_read_token_keys(folder),
        code=_read_code_key(folder / "code.key"),
        log=read_ed25519_key(folder / "log.key"),
        witness=read_ed25519_key(folder / "witness.key"),
    )


def rotate_token_key(folder: Path) -> None:
    """Sign tokens with a new key from now on; those of the old one stay good until the next rotation."""
    replace_private_file(folder / "token-previous.key", read_private_file(folder / "token.key"))
    replace_private_file(folder / "token.key", private_pem(Ed25519PrivateKey.generate()))


def open_venue_issuer(folder: Path, venue: VenueId, now: Millis) -> Authority:
    """The issuing key and certificate of a venue, made now if this keyring has none for it.

    Raises:
        LoosePermissions: others may read the folder or a file in it.
        SecretsDamaged: a file is missing or unreadable.
    """
    open_keyring(folder)
    place = _place(folder, "venue", venue)
    if not place.exists():
        create_private_folder(place, authority_files(make_venue_issuer(venue, now)))
    return read_authority(place)


def open_seal(folder: Path, venue: VenueId, venue_name: str, now: Millis) -> CertifiedKey:
    """The electronic seal (电子印章) of a venue, certified by the venue's own issuing key.

    Key and certificate are made when first asked for; the certificate is made anew when it has expired, or when the
    venue's name or issuing key is another one.

    Raises:
        LoosePermissions: others may read the folder or a file in it.
        SecretsDamaged: a file is missing or unreadable.
        IssuerExpired: the ten years of the venue's issuing certificate are over.
    """
    issuer = open_venue_issuer(folder, venue, now)
    return open_certified_key(
        _place(folder, "seal", venue),
        issuer,
        lambda key: issue_seal_certificate(issuer, venue=venue, venue_name=venue_name, key=key, now=now),
        now,
    )


def open_timestamp_key(folder: Path, venue: VenueId, now: Millis) -> CertifiedKey:
    """What a venue's time-stamp service signs with, made and renewed like its seal.

    Raises:
        LoosePermissions: others may read the folder or a file in it.
        SecretsDamaged: a file is missing or unreadable.
        IssuerExpired: the ten years of the venue's issuing certificate are over.
    """
    issuer = open_venue_issuer(folder, venue, now)
    return open_certified_key(
        _place(folder, "timestamps", venue),
        issuer,
        lambda key: issue_timestamp_certificate(issuer, venue=venue, key=key, now=now),
        now,
    )


def _place(folder: Path, kind: str, venue: VenueId) -> Path:
    return folder / f"{kind}-{quote(venue, safe='')}"


def _new_secrets() -> dict[str, bytes]:
    signing = {f"{name}.key": private_pem(Ed25519PrivateKey.generate()) for name in ("token", "log", "witness")}
    return signing | {"code.key": secrets.token_hex(CODE_KEY_BYTES).encode()}


def _read_token_keys(folder: Path) -> TokenKeys:
    previous = folder / "token-previous.key"
    return TokenKeys(
        signing=read_ed25519_key(folder / "token.key"),
        previous=read_ed25519_key(previous).public_key() if previous.exists() else None,
    )


def _read_code_key(path: Path) -> bytes:
    try:
        key = bytes.fromhex(read_private_file(path).decode())
    except ValueError as error:
        raise SecretsDamaged(path=path, detail="is unreadable") from error
    if len(key) != CODE_KEY_BYTES:
        raise SecretsDamaged(path=path, detail=f"is not {CODE_KEY_BYTES} bytes long")
    return key
