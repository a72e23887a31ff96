"""Are the recordings those that the record vouches for? Each piece's file against the digest that a line holds."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from server.domain.events import MediaRecorded, RecordingsChecked
from server.domain.ids import Digest
from server.domain.lines import Line
from server.domain.recordings import TrackKey
from server.evidence.check_lines import place
from server.evidence.verdict import Check, Finding, Outcome

PieceKey = tuple[TrackKey, int]
"A track and the number of one of its pieces."
Place = str
"Where a line stands."

SHOWN: Final = 200
"Findings of a check; a folder that lacks thousands of files is named once more, not file by file."


def check_recordings(
    lines: Iterable[Line], kept: Mapping[PieceKey, Digest], *, are_destroyed: bool = False
) -> tuple[Check, ...]:
    """Check the files of a room's recordings.

    Args:
        lines: the room's record.
        kept: the SHA-256 of each piece's file.
        are_destroyed: whether they were destroyed in order, so that none is missing.
    """
    vouched = dict(_vouched(lines))
    altered = [key for key, (digest, _) in vouched.items() if kept.get(key, digest) != digest]
    missing = [key for key in vouched if key not in kept and not are_destroyed]
    foreign = sorted(key for key in kept if key not in vouched)
    return (
        _check("recordings_unchanged", Outcome.BROKEN, (_altered(key, vouched[key][1]) for key in altered)),
        _check("recordings_complete", Outcome.INCOMPLETE, (_missing(key, vouched[key][1]) for key in missing)),
        _check("recordings_vouched_for", Outcome.INCOMPLETE, map(_foreign, foreign)),
        _check("recordings_without_holes", Outcome.INCOMPLETE, _holes(vouched)),
    )


def last_examination(lines: Iterable[Line]) -> RecordingsChecked | None:
    """What the server last found in the recordings, as it says itself; none where it never examined them."""
    found = [line.event for line in lines if isinstance(line.event, RecordingsChecked)]
    return found[-1] if found else None


def _vouched(lines: Iterable[Line]) -> Iterator[tuple[PieceKey, tuple[Digest, Place]]]:
    """Every piece that a line names."""
    for line in lines:
        if isinstance(line.event, MediaRecorded):
            for pieces in line.event.tracks:
                for number in range(pieces.first, pieces.last + 1):
                    yield ((pieces.alias, pieces.kind), number), (pieces.digest_of(number), place(line.seq))


def _check(code: str, failure: Outcome, found: Iterable[Finding]) -> Check:
    findings = list(found)
    if len(findings) > SHOWN:
        rest = Finding(reason=f"and {len(findings) - SHOWN} more", where="recordings")
        findings = [*findings[:SHOWN], rest]
    return Check(code=code, failure=failure, findings=tuple(findings))


def _altered(key: PieceKey, line: Place) -> Finding:
    return Finding(reason=f"it is not the file that {line} vouches for", where=piece_name(key))


def _missing(key: PieceKey, line: Place) -> Finding:
    return Finding(reason=f"it is missing; {line} vouches for it", where=piece_name(key))


def _foreign(key: PieceKey) -> Finding:
    return Finding(reason="no line vouches for it", where=piece_name(key))


def _holes(vouched: Mapping[PieceKey, object]) -> Iterator[Finding]:
    for track in sorted({track for track, _ in vouched}):
        numbers = {number for of_track, number in vouched if of_track == track}
        for number in sorted(set(range(1, max(numbers))) - numbers):
            yield Finding(reason="it was never vouched for, though a later one is", where=piece_name((track, number)))


def piece_name(key: PieceKey) -> str:
    """A piece's file in the folder of a room's recordings, without the ending, which says how it is written."""
    (alias, kind), number = key
    return f"{alias}-{kind}/{number}"
