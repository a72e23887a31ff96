import pytest
from msgspec.structs import replace

from server.domain.events import RecordingsChecked
from server.domain.ids import Alias, Digest, Millis, RoomId
from server.domain.recordings import Destruction, MediaTrack, Stretch, Stretches, TrackCheck
from server.recording_words import check_sentences, destruction_sentence, length

ZONE = "Asia/Shanghai"
NOON = 1_774_411_200_000  # 2026-03-25 12:00:00 in Shanghai
NONE = Stretches()
WHOLE = TrackCheck(
    alias=Alias("E2"),
    kind=MediaTrack.VIDEO,
    due_ms=3_600_000,
    recorded_ms=3_600_000,
    gaps=NONE,
    still=NONE,
    dark=NONE,
    silent=NONE,
    silent_apart_ms=0,
    unreadable=0,
)


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def lasting(ms: int, *, named: int | None = None) -> Stretches:
    ends_at = Millis(NOON + (ms if named is None else named))
    return Stretches(total_ms=ms, longest=(Stretch(begins_at=Millis(NOON), ends_at=ends_at),))


def told(*tracks: TrackCheck, pieces: int = 900, examined: int = 900) -> list[str]:
    return list(check_sentences(RecordingsChecked(pieces=pieces, examined=examined, tracks=tracks), ZONE))


@pytest.mark.usefixtures("chinese")
def test_findings_are_told_in_chinese() -> None:
    silent = replace(WHOLE, kind=MediaTrack.AUDIO, silent=lasting(150_000), silent_apart_ms=130_000)

    assert told(
        replace(WHOLE, still=lasting(200_000)), silent, replace(WHOLE, recorded_ms=0, gaps=lasting(3_600_000))
    ) == [
        "E2 的画面有 3 分 20 秒是静止的：12:00:00–12:03:20。",
        "E2 的录音有 2 分 30 秒没有任何声音（其中 2 分 10 秒在独立评审或暂停期间，属正常）：12:00:00–12:02:30。",
        "E2 的画面从未录下。",
    ]


@pytest.mark.usefixtures("english")
def test_findings_are_told_in_english() -> None:
    many = replace(WHOLE, gaps=lasting(90_000, named=60_000), dark=lasting(8_000), unreadable=2)

    assert told(many, examined=7) == [
        "Only 7 of 900 pieces were examined.",
        "The picture of E2 was not recorded for 1 min 30 s: 12:00:00–12:01:00 and others.",
        "The picture of E2 was black for 8 s: 12:00:00–12:00:08.",
        "2 pieces of the picture of E2 cannot be decoded.",
    ]


@pytest.mark.usefixtures("chinese")
def test_whole_recording_is_said_to_be_whole() -> None:
    assert told(WHOLE) == ["没有发现缺录、静止、黑屏或无声。"]


@pytest.mark.usefixtures("english")
def test_length_is_in_hours_minutes_and_seconds() -> None:
    assert [length(ms) for ms in (400, 59_600, 3_600_000, 3_725_000)] == [
        "less than a second",
        "1 min",
        "1 h",
        "1 h 2 min 5 s",
    ]


DESTROYED = Destruction(
    room=RoomId("r-1"),
    lines=9,
    root=Digest("0" * 64),
    at=Millis(NOON),
    by="档案室 王芳",
    reason="保存期限届满",
    pieces=9000,
    size=2_000_000_000,
)


@pytest.mark.usefixtures("chinese")
def test_destruction_is_told_in_chinese_with_when_by_whom_and_why() -> None:
    assert destruction_sentence(DESTROYED, ZONE) == (
        "录音录像已于 2026-03-25 12:00:00 Asia/Shanghai 由 档案室 王芳 销毁（9000 段，2000.0 MB）。理由：保存期限届满"
    )


@pytest.mark.usefixtures("english")
def test_destruction_is_told_in_english() -> None:
    assert destruction_sentence(DESTROYED, ZONE) == (
        "The recordings were destroyed on 2026-03-25 12:00:00 Asia/Shanghai by 档案室 王芳 (9000 pieces, 2000.0 MB). "
        "Reason: 保存期限届满"
    )
