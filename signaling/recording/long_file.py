"""A WebM file of any length in which a player may seek, written part by part from front to back.

What lies where stands before the clusters (`SeekHead`, `Cues`), so that a browser finds a moment without reading the
file to its end. For that the blocks are gone through twice: once to learn how long each cluster is, once to write them.

Source: RFC 9559, 5.1.1 (SeekHead), 5.1.5 (Cues), 25.3.3 (where Cues lie).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate

import msgspec

from signaling.recording.ebml import element, fixed, head, whole
from signaling.recording.webm import SEGMENT, Block, Track, cluster, describe, file_head

SHORTEST_CLUSTER_MS = 1_000
"From then on the next key frame begins another one, so that a player shows what it finds there at once."
LONGEST_CLUSTER_MS = 5_000
"Where no key frame comes: sound without pictures."

_SEEK_HEAD, _SEEK, _SEEK_ID, _SEEK_POSITION = 0x114D9B74, 0x4DBB, 0x53AB, 0x53AC
_CUES, _CUE, _CUE_TIME, _CUE_PLACE, _CUE_TRACK, _CUE_AT = 0x1C53BB6B, 0xBB, 0xB3, 0xB7, 0xF7, 0xF1


class _Laid(msgspec.Struct, frozen=True):
    """A cluster in its place."""

    octets: int
    begins_at_ms: int
    cued: int | None
    "The track that a player may begin with here."


def long_file(
    tracks: Sequence[Track],
    blocks: Callable[[], Iterable[Block]],
    *,
    begins_at: int,
    duration_ms: int,
    tags: Mapping[str, str],
) -> Iterator[bytes]:
    """A file part by part.

    Args:
        tracks: what it holds.
        blocks: gives all of them from the first on, in the order of their times; asked twice.
        begins_at: milliseconds since 1970 UTC.
        duration_ms: to the end of the last block.
        tags: what is said about it.
    """
    pictures = next((track.number for track in tracks if track.kind == "video"), None)
    laid = [_lay(group) for group in _groups(blocks(), pictures)]
    front = _front(describe(tracks, begins_at=begins_at, duration_ms=duration_ms, tags=tags), laid)
    yield file_head(tracks) + head(SEGMENT, len(front) + sum(each.octets for each in laid)) + front
    yield from map(cluster, _groups(blocks(), pictures))


def _groups(blocks: Iterable[Block], pictures: int | None) -> Iterator[list[Block]]:
    """The blocks of each cluster."""
    group: list[Block] = []
    for block in blocks:
        age_ms = block.at_ms - group[0].at_ms if group else 0
        is_due = block.track == pictures and block.is_key and age_ms >= SHORTEST_CLUSTER_MS
        if is_due or age_ms >= LONGEST_CLUSTER_MS:
            yield group
            group = []
        group.append(block)
    if group:
        yield group


def _lay(group: Sequence[Block]) -> _Laid:
    first = group[0]
    return _Laid(len(cluster(group)), first.at_ms, first.track if first.is_key else None)


def _front(about: Mapping[int, bytes], laid: Sequence[_Laid]) -> bytes:
    """All before the clusters; its length does not depend on the places it names, so that it can be measured first."""
    index = _seek_head(dict.fromkeys((*about, _CUES), 0))
    end = len(index) + sum(map(len, about.values())) + len(_cues(laid, 0))
    starts = accumulate(map(len, about.values()), initial=len(index))
    return _seek_head(dict(zip((*about, _CUES), starts, strict=True))) + b"".join(about.values()) + _cues(laid, end)


def _seek_head(places: Mapping[int, int]) -> bytes:
    """Where each element begins, from the start of the segment's content."""
    return element(
        _SEEK_HEAD,
        *(element(_SEEK, whole(_SEEK_ID, identifier), fixed(_SEEK_POSITION, at)) for identifier, at in places.items()),
    )


def _cues(laid: Sequence[_Laid], first_at: int) -> bytes:
    """The moments that a player may begin at, for clusters of which the first one begins at that place."""
    starts = accumulate((each.octets for each in laid), initial=first_at)
    return element(
        _CUES,
        *(
            element(
                _CUE,
                whole(_CUE_TIME, each.begins_at_ms),
                element(_CUE_PLACE, whole(_CUE_TRACK, each.cued), fixed(_CUE_AT, at)),
            )
            for each, at in zip(laid, starts, strict=False)
            if each.cued is not None
        ),
    )
