"""What an examination of recordings came to, in sentences for people."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from server.domain.events import RecordingsChecked
from server.domain.ids import Millis
from server.domain.recordings import Destruction, MediaTrack, Stretches, TrackCheck
from server.words import words

TRACKS: Final = {
    MediaTrack.AUDIO: ("录音", "sound"),
    MediaTrack.VIDEO: ("画面", "picture"),
    MediaTrack.SCREEN: ("屏幕", "screen"),
    MediaTrack.DESKTOP: ("桌面", "desktop"),
    MediaTrack.MASKED_AUDIO: ("变声", "altered voice"),
    MediaTrack.MASKED_VIDEO: ("遮挡画面", "masked picture"),
}

FINDINGS: Final = (
    ("gaps", "有 {length}没有录下", "was not recorded for {length}"),
    ("still", "有 {length}是静止的", "stood still for {length}"),
    ("dark", "有 {length}是黑的", "was black for {length}"),
    ("silent", "有 {length}没有任何声音", "was silent for {length}"),
)
"Fields of `TrackCheck` with what each says."


def check_sentences(check: RecordingsChecked, zone: str) -> Iterator[str]:
    """What was found, track by track; one sentence that nothing was, where that is so."""
    found = [sentence for track in check.tracks for sentence in track_sentences(track, zone)]
    if check.examined < check.pieces:
        yield words(
            f"只检查了 {check.pieces} 段中的 {check.examined} 段。",
            f"Only {check.examined} of {check.pieces} pieces were examined.",
        )
    if found:
        yield from found
    else:
        yield words(
            "没有发现缺录、静止、黑屏或无声。",
            "Nothing is missing, no picture stands still or is black, none is silent.",
        )


def destruction_sentence(destruction: Destruction, zone: str) -> str:
    """What was destroyed, when, by whom and why."""
    when = datetime.fromtimestamp(destruction.at / 1000, UTC).astimezone(ZoneInfo(zone))
    stamp = f"{when:%Y-%m-%d %H:%M:%S} {zone}"
    megabytes = f"{destruction.size / 1e6:.1f} MB"
    return words(
        f"录音录像已于 {stamp} 由 {destruction.by} 销毁（{destruction.pieces} 段，{megabytes}）。"
        f"理由：{destruction.reason}",
        f"The recordings were destroyed on {stamp} by {destruction.by} ({destruction.pieces} pieces, {megabytes}). "
        f"Reason: {destruction.reason}",
    )


def track_sentences(track: TrackCheck, zone: str) -> Iterator[str]:
    """What is to be told of one track; nothing where it is as it should be."""
    name = words(*TRACKS[track.kind])
    if track.due_ms and not track.recorded_ms:
        yield words(f"{track.alias} 的{name}从未录下。", f"The {name} of {track.alias} was never recorded.")
        return
    for field, chinese, english in FINDINGS:
        stretches: Stretches = getattr(track, field)
        if stretches.total_ms:
            what = words(chinese, english).format(length=length(stretches.total_ms))
            apart = _apart(track) if field == "silent" else ""
            yield words(
                f"{track.alias} 的{name}{what}{apart}：{_when(stretches, zone)}。",
                f"The {name} of {track.alias} {what}{apart}: {_when(stretches, zone)}.",
            )
    if track.unreadable:
        yield words(
            f"{track.alias} 的{name}有 {track.unreadable} 段无法解码。",
            f"{track.unreadable} pieces of the {name} of {track.alias} cannot be decoded.",
        )


def _apart(track: TrackCheck) -> str:
    if not track.silent_apart_ms:
        return ""
    lasts = length(track.silent_apart_ms)
    return words(
        f"（其中 {lasts}在独立评审或暂停期间，属正常）",
        f" ({lasts} of it in pauses or while members work alone: no fault)",
    )


def _when(stretches: Stretches, zone: str) -> str:
    named = words("、", ", ").join(
        f"{_clock(each.begins_at, zone)}–{_clock(each.ends_at, zone)}" for each in stretches.longest
    )
    rest = stretches.total_ms - sum(each.ends_at - each.begins_at for each in stretches.longest)
    return named + (words("等", " and others") if rest else "")


def length(ms: int) -> str:
    """A length of time in hours, minutes and seconds, as far as there are any."""
    seconds = round(ms / 1000)
    parts = (
        (seconds // 3600, "小时", "h"),
        (seconds // 60 % 60, "分", "min"),
        (seconds % 60, "秒", "s"),
    )
    said = [f"{count} {words(*unit)}" for count, *unit in parts if count]
    return " ".join(said) or words("不到 1 秒", "less than a second")


def _clock(at: Millis, zone: str) -> str:
    return f"{datetime.fromtimestamp(at // 1000, UTC).astimezone(ZoneInfo(zone)):%H:%M:%S}"
