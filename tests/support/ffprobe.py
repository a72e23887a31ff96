"""What ffprobe, a program that is not ours, makes of a recorded file."""

import json
import subprocess


def probed(file: bytes) -> dict[str, list[float]]:
    """When each frame of a file is shown, in seconds, by kind: read and decoded to its end without a complaint."""
    entries = "frame=media_type,best_effort_timestamp_time"
    asked = ("ffprobe", "-v", "warning", "-show_frames", "-show_entries", entries, "-of", "json", "-")
    told = subprocess.run(asked, input=file, capture_output=True, check=False)
    assert (told.returncode, told.stderr) == (0, b"")
    shown: dict[str, list[float]] = {}
    for each in json.loads(told.stdout)["frames"]:
        shown.setdefault(each["media_type"], []).append(float(each["best_effort_timestamp_time"]))
    return shown
