import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from server.domain.errors import EvidenceBroken
from server.domain.ids import RoomId
from server.store.encryption import MasterKey, RoomCipher, load_master_key
from server.store.errors import MasterKeyUnusable, SealBroken

ROOM = RoomId("r1")
KEY = bytes(range(32))


def test_cipher_opens_what_it_sealed() -> None:
    cipher = RoomCipher(ROOM, KEY)

    sealed = cipher.seal("九十二分".encode(), "log", "7-0")

    assert cipher.open(sealed, "log", "7-0") == "九十二分".encode()


def test_cipher_never_seals_the_same_way_twice() -> None:
    cipher = RoomCipher(ROOM, KEY)

    assert cipher.seal(b"92", "log", "7-0") != cipher.seal(b"92", "log", "7-0")


@pytest.mark.parametrize(
    ("cipher", "place"),
    [
        (RoomCipher(RoomId("r2"), KEY), ("log", "7-0")),
        (RoomCipher(ROOM, bytes(32)), ("log", "7-0")),
        (RoomCipher(ROOM, KEY), ("log", "8-0")),
        (RoomCipher(ROOM, KEY), ("log7-0",)),
        (RoomCipher(ROOM, KEY), ("lo", "g7-0")),
    ],
    ids=["another room", "another key", "another entry", "joined place", "shifted place"],
)
def test_cipher_opens_nothing_that_was_sealed_elsewhere(cipher: RoomCipher, place: tuple[str, ...]) -> None:
    sealed = RoomCipher(ROOM, KEY).seal(b"92", "log", "7-0")

    with pytest.raises(SealBroken) as broken:
        cipher.open(sealed, *place)

    assert (broken.value.room, broken.value.place) == (cipher.room, place)
    assert isinstance(broken.value, EvidenceBroken)


def test_cipher_notices_every_flipped_and_every_missing_byte() -> None:
    cipher = RoomCipher(ROOM, KEY)
    sealed = cipher.seal(b"92", "cell")
    damaged = [sealed[:n] + bytes([sealed[n] ^ 1]) + sealed[n + 1 :] for n in range(len(sealed))]
    shortened = [sealed[:n] for n in range(len(sealed))]

    for broken in damaged + shortened:
        with pytest.raises(SealBroken):
            cipher.open(broken, "cell")


def test_recording_key_is_the_rooms_own_and_tells_nothing_of_the_rooms_key() -> None:
    first, second = (RoomCipher(ROOM, key).recording_key() for key in (KEY, bytes(32)))

    assert len(first) == 32
    assert first == RoomCipher(ROOM, KEY).recording_key()
    assert first not in (second, KEY)
    assert first == HKDF(SHA256(), 32, None, b"lianping-recordings-v1").derive(KEY)
    with pytest.raises(SealBroken):
        RoomCipher(ROOM, first).open(RoomCipher(ROOM, KEY).seal(b"92", "cell"), "cell")


def test_recording_key_is_gone_with_the_master_key() -> None:
    cipher, wrapped = MasterKey(KEY).new_room_key(ROOM)

    assert MasterKey(KEY).room_cipher(ROOM, wrapped).recording_key() == cipher.recording_key()
    with pytest.raises(SealBroken):
        MasterKey(bytes(32)).room_cipher(ROOM, wrapped)


def test_master_key_gives_each_room_its_own_key_back() -> None:
    master = MasterKey(KEY)
    first, wrapped = master.new_room_key(ROOM)
    second, _ = master.new_room_key(ROOM)

    sealed = first.seal(b"92", "cell")

    assert master.room_cipher(ROOM, wrapped).open(sealed, "cell") == b"92"
    with pytest.raises(SealBroken):
        second.open(sealed, "cell")


def test_master_key_unwraps_for_its_room_only() -> None:
    _, wrapped = MasterKey(KEY).new_room_key(ROOM)

    with pytest.raises(SealBroken):
        MasterKey(KEY).room_cipher(RoomId("r2"), wrapped)
    with pytest.raises(SealBroken):
        MasterKey(bytes(32)).room_cipher(ROOM, wrapped)


def test_load_master_key_makes_a_private_file_once(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master.key"

    _, wrapped = load_master_key(path).new_room_key(ROOM)

    assert load_master_key(path).room_cipher(ROOM, wrapped).room == ROOM
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["master.key"]


def test_load_master_key_gives_one_key_to_all_who_start_at_once(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    start = Barrier(8)

    def load(_: int) -> MasterKey:
        start.wait()
        return load_master_key(path)

    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(load, range(8)))

    _, wrapped = keys[0].new_room_key(ROOM)
    assert [key.room_cipher(ROOM, wrapped).room for key in keys] == [ROOM] * 8
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("mode", "size", "fact"), [(0o640, 32, "can be read by others"), (0o600, 31, "holds 31 bytes")]
)
def test_load_master_key_refuses_a_file_that_cannot_be_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int, size: int, fact: str
) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    path = tmp_path / "master.key"
    path.write_bytes(bytes(size))
    path.chmod(mode)

    with pytest.raises(MasterKeyUnusable, match=fact):
        load_master_key(path)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    with pytest.raises(MasterKeyUnusable, match=r"主密钥文件 .*：请"):
        load_master_key(path)
