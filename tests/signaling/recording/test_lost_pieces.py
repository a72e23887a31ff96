import pytest

from signaling.messages import GapReason
from signaling.recording.lost_pieces import OVER_AFTER_S, LostPieces
from signaling.recording.piece_writer import KeptPiece, LostPiece

KEPT = KeptPiece(room="r1", alias="E1", track="audio", number=7, sha256="", size=1, begins_at=0, ends_at=4000)


def lost(reason: GapReason = "disk_full", alias: str = "E1") -> LostPiece:
    return LostPiece(room="r1", alias=alias, track="video", reason=reason, detail="No space left")


def test_full_disk_is_told_once_however_many_pieces_it_refuses_and_again_when_it_is_over(
    capsys: pytest.CaptureFixture[str],
) -> None:
    now = 100.0
    pieces = LostPieces(lambda: now)
    for second in range(60):  # small pieces still find their place
        now = 100.0 + second
        pieces.note(lost(alias=f"E{second % 7}"))
        pieces.note(KEPT)
    while_it_lasts = capsys.readouterr().out

    now += OVER_AFTER_S
    for _ in range(3):
        pieces.note(KEPT)
    afterwards = capsys.readouterr().out
    pieces.note(lost())

    assert (while_it_lasts.count("\n"), "piece_lost" in while_it_lasts, "disk_full" in while_it_lasts) == (
        1,
        True,
        True,
    )
    assert (afterwards.count("\n"), "pieces_kept_again" in afterwards) == (1, True)
    assert "lost=60" in afterwards
    assert "within_s=59" in afterwards
    assert "piece_lost" in capsys.readouterr().out


def test_another_reason_is_told_too(capsys: pytest.CaptureFixture[str]) -> None:
    pieces = LostPieces(lambda: 0.0)

    for reason in ("disk_full", "disk_failed", "disk_full", "disk_failed"):
        pieces.note(lost(reason))

    told = capsys.readouterr().out
    assert (told.count("piece_lost"), told.count("disk_full"), told.count("disk_failed")) == (2, 1, 1)


def test_disk_that_takes_everything_is_not_spoken_of(capsys: pytest.CaptureFixture[str]) -> None:
    LostPieces(lambda: 0.0).note(KEPT)

    assert capsys.readouterr().out == ""
