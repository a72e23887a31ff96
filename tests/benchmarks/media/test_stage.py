from pathlib import Path

from tests.benchmarks.media.forwarder import Lianping, RoomPlan
from tests.benchmarks.media.stage import stage

NINE = RoomPlan(name="nine", publishers=("A", "B", "C"), listeners=("A", "B", "C"))


def test_plan_seats_everyone_once_and_leads_nobody_to_oneself() -> None:
    plan = RoomPlan(name="r", publishers=("A", "B"), listeners=("B", "C"))

    assert plan.seats == ("A", "B", "C")
    assert plan.routes == [("A", "B"), ("A", "C"), ("B", "C")]


async def test_window_counts_what_our_media_process_forwards(tmp_path: Path) -> None:
    async with stage(Lianping(tmp_path, "127.0.0.1")) as running:
        await running.fill(NINE, video_pace=50)
        window = await running.window(0.5, settle_s=1.5)

    assert running.profiles <= {"SRTP_AEAD_AES_256_GCM", "SRTP_AEAD_AES_128_GCM"}
    assert window.sent > 0
    assert window.received > window.sent
    assert (window.undecryptable, window.ages_ms == sorted(window.ages_ms)) == (0, True)
    assert window.ages_ms[0] > 0
    assert window.cpu_us_per_packet > 0
