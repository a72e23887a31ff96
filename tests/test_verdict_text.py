"""What people and programs read of a verdict."""

import io
import json

import pytest
from rich.console import Console

from server.evidence.verdict import Outcome, Verdict
from server.verdict_text import account_lines, print_verdict, verdict_json
from server.verify_desk import verify_package
from tests.evidence.reported_room import fully_reported, plainly_reported
from tests.evidence.signed_room import short_sitting

ZONE = "Asia/Shanghai"


@pytest.fixture(scope="module")
def verdict() -> Verdict:
    return verify_package(fully_reported().package())


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def printed(verdict: Verdict, *, trusts_itself: bool = True) -> list[str]:
    output = io.StringIO()
    print_verdict(Console(file=output, width=200), verdict, trusts_itself=trusts_itself)
    return output.getvalue().splitlines()


@pytest.mark.usefixtures("chinese")
def test_reports_are_told_in_chinese(verdict: Verdict) -> None:
    lines = printed(verdict)

    start = lines.index("二标段（L2）评标报告第 1 版：已被新版取代，签名作废")
    assert lines[start : start + 15] == [
        "二标段（L2）评标报告第 1 版：已被新版取代，签名作废",
        "  E1 姓名·E1·：未签署",
        "  E2 姓名·E2·：已签名，2026-03-25 08:54:17 Asia/Shanghai（时间戳）",
        "  E3 姓名·E3·：已签名，保留不同意见，2026-03-25 08:54:19 Asia/Shanghai（时间戳）",
        "  E4 姓名·E4·：未签署",
        "  R1 姓名·R1·：未签署",
        "  页面：已用本程序重新排版，逐字节一致",
        "",
        "二标段（L2）评标报告第 2 版：已封存",
        "  E1 姓名·E1·：已签名，2026-03-25 08:54:26 Asia/Shanghai（时间戳）",
        "  E2 姓名·E2·：已签名，2026-03-25 08:54:27 Asia/Shanghai（时间戳）",
        "  E3 姓名·E3·：已签名，保留不同意见，2026-03-25 08:54:21 Asia/Shanghai（时间戳）",
        "  E4 姓名·E4·：拒绝签名，已书面陈述不同意见，2026-03-25 08:54:22 Asia/Shanghai（过程记录）",
        "  R1 姓名·R1·：拒绝签名且不陈述理由，视为同意，2026-03-25 08:54:24 Asia/Shanghai（过程记录）",
        "  页面：已用本程序重新排版，逐字节一致",
    ]
    assert "完好：所有核验均通过，且没有缺失。" in lines


@pytest.mark.usefixtures("english")
def test_reports_are_told_in_english(verdict: Verdict) -> None:
    assert list(account_lines(verdict.reports[1], ZONE))[1:4] == [
        "二标段 (L2), evaluation report, version 2: sealed",
        "  E1 姓名·E1·: signed, 2026-03-25 08:54:26 Asia/Shanghai (time stamp)",
        "  E2 姓名·E2·: signed, 2026-03-25 08:54:27 Asia/Shanghai (time stamp)",
    ]
    assert "Sound: every check holds and nothing is missing." in printed(verdict)


@pytest.mark.usefixtures("english")
def test_pages_that_were_not_compared_are_told() -> None:
    [account] = verify_package(plainly_reported().package()).reports
    other = type(account)(
        lot=account.lot,
        title=account.title,
        version=1,
        standing=account.standing,
        members=(),
        pages_set_again=False,
        renderer="typst 0.99",
    )

    assert list(account_lines(other, ZONE))[-1] == (
        "  pages: not compared (set by typst 0.99); only the attached data were"
    )


@pytest.mark.usefixtures("english")
def test_keys_are_told_unless_one_came_by_another_way(verdict: Verdict) -> None:
    told, untold = (printed(verdict, trusts_itself=trusts) for trusts in (True, False))

    assert verdict.opening is not None
    assert f"  log      {verdict.opening.log_key}" in told
    assert [line for line in untold if line.startswith("  log ")] == []


@pytest.mark.usefixtures("english")
def test_reasons_stand_below_their_check_without_control_characters() -> None:
    broken = verify_package(short_sitting().package() + b"\x1b[2J")

    lines = printed(broken)

    at = lines.index("✗ archive_exact")
    assert lines[at + 1].startswith("    package:")
    assert "Broken: the record contradicts itself or its signatures." in lines


def test_programs_get_every_check_in_the_same_form(verdict: Verdict) -> None:
    said = json.loads(verdict_json(verdict))

    assert list(said) == ["ok", "outcome", "checks"]
    assert (said["ok"], said["outcome"]) == (True, Outcome.SOUND)
    assert [each["code"] for each in said["checks"]] == [check.code for check in verdict.checks]
    assert {tuple(each) for each in said["checks"]} == {("code", "ok", "reason", "where")}
