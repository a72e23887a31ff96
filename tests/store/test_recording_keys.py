import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from server.domain.ids import RoomId
from server.store.encryption import RoomCipher
from server.store.recording_keys import RecordingKeys

ROOM, OTHER = RoomId("r-0123456789ab"), RoomId("r-ba9876543210")
ROOM_KEY = bytes(range(32))
CIPHER = RoomCipher(ROOM, ROOM_KEY)
NOTE = b"destroyed by somebody\n"


@pytest.fixture
def keys(tmp_path: Path) -> RecordingKeys:
    return RecordingKeys(tmp_path / "keys" / "recordings")


def file_of(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "recordings" / ROOM


def test_key_is_made_of_the_rooms_own_key_and_of_a_secret_in_a_file_of_its_own(
    keys: RecordingKeys, tmp_path: Path
) -> None:
    keys.make(ROOM)
    keys.make(OTHER)

    secret = file_of(tmp_path).read_bytes()
    assert keys.key_of(CIPHER) == HKDF(SHA256(), 32, secret, b"lianping-recordings-v1").derive(ROOM_KEY)
    assert keys.key_of(CIPHER) != keys.key_of(RoomCipher(OTHER, ROOM_KEY))
    assert (file_of(tmp_path).stat().st_mode & 0o777, file_of(tmp_path).parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert (keys.has_secret(ROOM), keys.note_of(ROOM)) == (True, None)


def test_room_of_before_has_the_key_that_follows_from_its_own_until_that_is_refused(keys: RecordingKeys) -> None:
    assert (keys.key_of(CIPHER), keys.has_secret(ROOM)) == (CIPHER.recording_key(), False)

    keys.destroy(ROOM, NOTE)

    assert (keys.key_of(CIPHER), keys.note_of(ROOM)) == (None, NOTE)


def test_note_takes_the_place_of_the_secret_whose_bytes_are_written_over(keys: RecordingKeys, tmp_path: Path) -> None:
    keys.make(ROOM)
    keys.make(OTHER)
    other = keys.key_of(RoomCipher(OTHER, ROOM_KEY))
    secret = file_of(tmp_path).open("rb")

    keys.destroy(ROOM, NOTE)

    with secret:
        assert secret.read() == bytes(32)
    assert (keys.key_of(CIPHER), keys.has_secret(ROOM), keys.note_of(ROOM)) == (None, False, NOTE)
    assert keys.key_of(RoomCipher(OTHER, ROOM_KEY)) == other
    assert sorted(os.listdir(tmp_path / "keys" / "recordings")) == [ROOM, OTHER]


def test_key_stays_where_the_note_cannot_be_written(
    keys: RecordingKeys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys.make(ROOM)
    key = keys.key_of(CIPHER)

    def full(descriptor: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        keys.destroy(ROOM, NOTE)

    assert keys.key_of(CIPHER) == key
    assert os.listdir(tmp_path / "keys" / "recordings") == [ROOM]


def test_secret_of_a_room_that_was_never_opened_is_taken_back(keys: RecordingKeys, tmp_path: Path) -> None:
    keys.make(ROOM)

    keys.forget(ROOM)
    keys.forget(ROOM)

    assert not file_of(tmp_path).exists()
