from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography import x509

from server.auth.keyring import (
    Keyring,
    open_keyring,
    open_seal,
    open_timestamp_key,
    open_venue_issuer,
    rotate_token_key,
)
from server.auth.rejections import LoosePermissions, SecretsDamaged
from server.domain.ids import Millis, VenueId

NOW = Millis(1_800_000_000_000)
YI, BING = VenueId("yi"), VenueId("bing")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


def _raw(keyring: Keyring) -> tuple[bytes, ...]:
    keys = (keyring.token.signing, keyring.log, keyring.witness)
    return (keyring.code, *(key.private_bytes_raw() for key in keys))


def test_keyring_is_made_once_and_loaded_later(folder: Path) -> None:
    made = open_keyring(folder)

    loaded = open_keyring(folder)

    assert _raw(loaded) == _raw(made)
    assert len(set(_raw(made))) == 4
    assert {len(key) for key in _raw(made)} == {32}
    assert loaded.token.previous is None


def test_keyring_lies_in_private_files(folder: Path) -> None:
    open_keyring(folder)

    assert sorted(path.name for path in folder.iterdir()) == ["code.key", "log.key", "token.key", "witness.key"]
    assert [path.stat().st_mode & 0o777 for path in (folder, *folder.iterdir())] == [0o700] + [0o600] * 4


def test_servers_that_start_at_once_share_one_keyring(folder: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keyrings = list(pool.map(open_keyring, [folder] * 8))

    assert len({_raw(keyring) for keyring in keyrings}) == 1


@pytest.mark.parametrize("place", ["", "code.key", "log.key", "token.key", "witness.key"])
def test_keyring_open_to_others_is_refused(folder: Path, place: str) -> None:
    open_keyring(folder)
    (folder / place).chmod(0o744)

    with pytest.raises(LoosePermissions) as caught:
        open_keyring(folder)

    assert caught.value.facts["path"] == folder / place


@pytest.mark.parametrize("name", ["code.key", "log.key", "token.key", "witness.key"])
def test_missing_piece_is_refused_and_not_made_anew(folder: Path, name: str) -> None:
    open_keyring(folder)
    (folder / name).unlink()

    with pytest.raises(SecretsDamaged) as caught:
        open_keyring(folder)

    assert caught.value.facts == {"path": folder / name, "detail": "is missing"}
    assert not (folder / name).exists()


@pytest.mark.parametrize(
    ("content", "detail"), [(b"no hex", "is unreadable"), (b"\xff", "is unreadable"), (b"00", "is not 32 bytes long")]
)
def test_damaged_code_key_is_refused(folder: Path, content: bytes, detail: str) -> None:
    open_keyring(folder)
    (folder / "code.key").write_bytes(content)

    with pytest.raises(SecretsDamaged) as caught:
        open_keyring(folder)

    assert caught.value.facts["detail"] == detail


def test_keyring_does_not_show_its_secrets(folder: Path) -> None:
    assert repr(open_keyring(folder)) == "Keyring(hidden)"


def test_rotation_keeps_the_old_key_for_verifying(folder: Path) -> None:
    before = open_keyring(folder).token

    rotate_token_key(folder)

    after = open_keyring(folder).token
    assert after.previous == before.signing.public_key()
    assert after.signing.public_key() != before.signing.public_key()


def test_venue_issuer_is_made_once_and_loaded_later(folder: Path) -> None:
    made = open_venue_issuer(folder, YI, NOW)
    loaded = open_venue_issuer(folder, YI, Millis(NOW + 1))

    assert loaded.certificate == made.certificate
    assert loaded.key.private_numbers() == made.key.private_numbers()


def test_venue_issuer_asked_for_first_makes_the_keyring_too(folder: Path) -> None:
    open_venue_issuer(folder, YI, NOW)

    names = ["code.key", "log.key", "token.key", "venue-yi", "witness.key"]
    assert sorted(path.name for path in folder.iterdir()) == names
    assert folder.stat().st_mode & 0o777 == 0o700


def test_venues_have_keys_of_their_own(folder: Path) -> None:
    issuers = [open_venue_issuer(folder, venue, NOW) for venue in (YI, BING)]

    assert issuers[0].key.public_key() != issuers[1].key.public_key()


@pytest.mark.parametrize("venue", ["..", "a/b", "乙县"])
def test_venue_of_any_name_stays_inside_the_keyring(folder: Path, venue: str) -> None:
    open_keyring(folder)
    before = set(folder.iterdir())

    issuer = open_venue_issuer(folder, VenueId(venue), NOW)

    (place,) = set(folder.iterdir()) - before
    assert sorted(path.name for path in place.iterdir()) == ["authority.key", "authority.pem"]
    assert x509.load_pem_x509_certificate((place / "authority.pem").read_bytes()) == issuer.certificate
    assert list(folder.parent.iterdir()) == [folder]


def test_seal_and_time_stamps_have_keys_of_their_own_under_the_venues_issuer(folder: Path) -> None:
    issuer = open_venue_issuer(folder, YI, NOW)

    seal, stamps = open_seal(folder, YI, "乙县", NOW), open_timestamp_key(folder, YI, NOW)

    keys = {each.key.private_numbers().private_value for each in (issuer, seal, stamps)}
    assert len(keys) == 3
    for each in (seal, stamps):
        each.certificate.verify_directly_issued_by(issuer.certificate)
        assert each.issuer == issuer.certificate
    assert open_seal(folder, YI, "乙县", NOW).certificate == seal.certificate
    assert open_timestamp_key(folder, YI, NOW).certificate == stamps.certificate
    assert {path.name for path in folder.iterdir() if path.is_dir()} == {"venue-yi", "seal-yi", "timestamps-yi"}
