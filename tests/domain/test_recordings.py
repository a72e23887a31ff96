from server.domain.ids import Alias, Millis
from server.domain.recordings import MediaKind, RecordedPieces


def test_pieces_are_counted_by_their_digests() -> None:
    pieces = RecordedPieces(
        alias=Alias("E1"),
        kind=MediaKind.AUDIO,
        first=8,
        digests=bytes(96),
        begins_at=Millis(1),
        ends_at=Millis(2),
        size=3,
    )

    assert (pieces.count, pieces.last) == (3, 10)
