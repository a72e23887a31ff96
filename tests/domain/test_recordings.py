import hashlib

from server.domain.ids import Alias, Millis
from server.domain.recordings import MediaTrack, RecordedPieces


def test_each_piece_has_its_digest() -> None:
    digests = [hashlib.sha256(content).digest() for content in (b"seven", b"eight")]
    pieces = RecordedPieces(
        alias=Alias("E1"),
        kind=MediaTrack.AUDIO,
        first=7,
        last=8,
        digests=b"".join(digests),
        begins_at=Millis(1),
        ends_at=Millis(2),
        size=3,
    )

    assert [pieces.digest_of(number) for number in (7, 8)] == [digest.hex() for digest in digests]
