"""A load test for people: a table and a verdict in a sentence."""

from typing import Final

from rich.console import Console
from rich.table import Table

from server.load.figures import LIMITS, LoadReport, Result, Spread
from server.words import words

_REASONS: Final[dict[str, tuple[str, str]]] = {
    "join_s": ("入席太慢", "joining takes too long"),
    "first_frame_s": ("首帧画面太慢", "the first picture takes too long"),
    "loss": ("丢包太多", "too many packets are lost"),
    "frozen": ("画面停顿太多", "pictures stand still too long"),
    "delay_ms": ("延迟太大", "the delay is too great"),
    "not_connected": ("有席位未能接通音视频", "some seats got no media connection"),
    "unseen": ("有席位的画面始终没有出现", "some pictures never came"),
    "unheard": ("有席位的声音没有到达", "some sound did not come"),
    "generator": ("运行本测试的电脑已经满载", "the machine that runs this test is at its limit"),
}


def print_load_report(out: Console, report: LoadReport) -> None:
    """The table, then the verdict."""
    table = Table(*(words(*head) for head in _HEADS))
    for name, title, shown in _ROWS:
        spread: Spread = getattr(report, name)
        values = (spread.p50, spread.p95, spread.max, LIMITS[name])
        table.add_row(words(*title), *(shown(value) for value in values))
    out.print(table)
    out.print(
        words(
            f"画面停顿 {report.freezes} 次；本机共 {report.machine_has} 核，用了 {report.machine_cores:.1f} 核；"
            f"负载进程最忙的用了 {report.generator_cores.max:.0%} 核。",
            f"{report.freezes} freezes; this machine used {report.machine_cores:.1f} of {report.machine_has} cores, "
            f"the busiest load process {report.generator_cores.max:.0%} of one.",
        ),
        soft_wrap=True,
    )
    out.print(verdict(report), style="bold", soft_wrap=True)


def verdict(report: LoadReport) -> str:
    """One sentence, and why."""
    rooms = "1 room" if report.rooms == 1 else f"{report.rooms} rooms"
    size = words(f"{report.rooms} 个评标室 × {report.seats} 席", f"{rooms} of {report.seats} seats")
    why = words("；", "; ").join(words(*_REASONS[reason]) for reason in report.reasons)
    match report.result:
        case Result.CARRIED:
            return words(f"✓ 可以承载 {size}。", f"✓ It carries {size}.")
        case Result.NOT_CARRIED:
            return words(f"✗ 不足以承载 {size}：{why}。", f"✗ It does not carry {size}: {why}.")
        case Result.UNDECIDED:
            return words(
                f"? 不能判断能否承载 {size}：{why}。请换一台更快的电脑或多台电脑来运行测试。",
                f"? Whether it carries {size} cannot be said: {why}. Run the test on a faster machine, or on several.",
            )


def _seconds(value: float) -> str:
    return f"{value:.2f} s"


def _share(value: float) -> str:
    return f"{value:.2%}"


def _milliseconds(value: float) -> str:
    return f"{value:.0f} ms"


_HEADS: Final = (
    ("项目", "Figure"),
    ("一半", "Half"),
    ("95%", "95 %"),
    ("最大", "Most"),
    ("95% 的上限", "Limit of 95 %"),
)
_ROWS: Final = (
    ("join_s", ("入席到接通", "Joining"), _seconds),
    ("first_frame_s", ("接通到首帧", "First picture"), _seconds),
    ("loss", ("丢包", "Packets lost"), _share),
    ("frozen", ("画面停顿时间", "Pictures frozen"), _share),
    ("delay_ms", ("延迟", "Delay"), _milliseconds),
)
