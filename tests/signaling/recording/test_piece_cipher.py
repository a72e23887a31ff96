from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from signaling.recording.piece_cipher import CHUNK_BYTES, MAGIC, SALT_BYTES, TAG_BYTES, NotOpened, PieceCipher

KEY, SALT, PLACE = bytes(range(32)), bytes(range(100, 132)), "E1-video/12"
CIPHER = PieceCipher(KEY)
HEAD = len(MAGIC) + SALT_BYTES
CHUNK = CHUNK_BYTES + TAG_BYTES
CLEAR = b"".join(number.to_bytes(4) for number in range(CHUNK_BYTES // 2 + 7))
"Two whole chunks, and 28 bytes."


def sealed(clear: bytes = CLEAR) -> bytes:
    return CIPHER.seal(clear, PLACE, SALT)


def whole_chunks(data: bytes) -> tuple[int, bool]:
    """How many chunks are given, each the right one, and whether the file ends as it should."""
    given: Iterator[bytes] = CIPHER.chunks(data, PLACE)
    count = 0
    try:
        for chunk in given:
            assert chunk == CLEAR[count * CHUNK_BYTES : (count + 1) * CHUNK_BYTES]
            count += 1
    except NotOpened:
        return count, False
    return count, True


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, len(CLEAR)])
def test_what_was_sealed_opens_and_is_longer_by_head_and_tags_alone(size: int) -> None:
    data = sealed(CLEAR[:size])

    assert CIPHER.open(data, PLACE) == CLEAR[:size]
    assert len(data) == HEAD + size + TAG_BYTES * max(1, -(-size // CHUNK_BYTES))


def opened_by_a_stranger(data: bytes, key: bytes, place: str) -> bytes:
    """Written from `server/decisions/0011` alone."""
    assert data[:8] == b"LPPIECE\x01"
    info = b"lianping-piece-v1 " + place.encode()
    aead = AESGCM(HKDF(SHA256(), 32, data[8:40], info).derive(key))
    chunks = [data[at : at + 65_552] for at in range(40, len(data), 65_552)]
    return b"".join(
        aead.decrypt(number.to_bytes(11, "big") + bytes([number == len(chunks) - 1]), chunk, None)
        for number, chunk in enumerate(chunks)
    )


def test_stranger_with_the_key_opens_it_by_the_description() -> None:
    assert opened_by_a_stranger(sealed(), KEY, PLACE) == CLEAR


@pytest.mark.parametrize("at", [0, 7, 8, 39, 40, HEAD + CHUNK - 1, HEAD + CHUNK, -17, -1])
@pytest.mark.parametrize("bit", [1, 128])
def test_flipped_bit_is_noticed(at: int, bit: int) -> None:
    data = bytearray(sealed())
    data[at] ^= bit

    with pytest.raises(NotOpened):
        CIPHER.open(bytes(data), PLACE)


def test_every_flipped_and_every_missing_byte_of_a_short_piece_is_noticed() -> None:
    data = sealed(b"a piece")
    damaged = [data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :] for at in range(len(data))]
    shortened = [data[:at] for at in range(len(data))]

    for broken in (*damaged, *shortened, data + b"\0", data + data[HEAD:]):
        with pytest.raises(NotOpened):
            CIPHER.open(broken, PLACE)


@pytest.mark.parametrize(
    ("end", "whole"),
    [
        (0, 0),
        (HEAD, 0),
        (HEAD + CHUNK - 1, 0),
        (HEAD + CHUNK, 1),
        (HEAD + CHUNK + 1, 1),
        (HEAD + 2 * CHUNK, 2),
        (HEAD + 2 * CHUNK + 20, 2),
    ],
)
def test_file_that_was_cut_off_gives_every_whole_chunk_and_says_that_it_is_cut(end: int, whole: int) -> None:
    assert whole_chunks(sealed()) == (3, True)
    assert whole_chunks(sealed()[:end]) == (whole, False)


def test_chunks_in_another_order_left_out_or_repeated_are_noticed() -> None:
    head, first, second, last = (
        sealed()[start:end]
        for start, end in ((0, HEAD), (HEAD, HEAD + CHUNK), (HEAD + CHUNK, HEAD + 2 * CHUNK), (HEAD + 2 * CHUNK, None))
    )

    for chunks in ((second, first, last), (first, last), (first, first, second, last), (first, last, second), (last,)):
        with pytest.raises(NotOpened):
            CIPHER.open(head + b"".join(chunks), PLACE)


def test_chunk_of_another_file_of_the_same_place_is_noticed() -> None:
    other = CIPHER.seal(CLEAR, PLACE, bytes(SALT_BYTES))

    with pytest.raises(NotOpened):
        CIPHER.open(sealed()[: HEAD + CHUNK] + other[HEAD + CHUNK :], PLACE)


@pytest.mark.parametrize(
    ("cipher", "place"),
    [
        (PieceCipher(bytes(32)), PLACE),
        (CIPHER, "E1-video/13"),
        (CIPHER, "E2-video/12"),
        (CIPHER, "E1-audio/12"),
        (CIPHER, ""),
    ],
    ids=["another key", "another number", "another seat", "another track", "no place"],
)
def test_file_opens_in_its_own_place_with_its_own_key_alone(cipher: PieceCipher, place: str) -> None:
    with pytest.raises(NotOpened):
        cipher.open(sealed(), place)


def test_cipher_shows_its_key_to_nobody_who_prints_it() -> None:
    assert KEY.hex() not in repr(CIPHER)
    assert repr(KEY)[2:-1] not in repr(CIPHER)
