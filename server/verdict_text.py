"""A verdict as people and programs read it: every check with its reasons, what holds of the reports, the keys."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from rich.console import Console

from server.domain.events import RoomOpened, SigningEnd
from server.domain.ids import Millis
from server.evidence.report_accounts import MemberAccount, ReportAccount, ReportStanding
from server.evidence.verdict import Outcome, Verdict
from server.recording_words import check_sentences, destruction_sentence
from server.words import words

OUTCOMES: Final = {
    Outcome.SOUND: ("完好：所有核验均通过，且没有缺失。", "Sound: every check holds and nothing is missing."),
    Outcome.BROKEN: ("损坏：记录与自身或签名矛盾。", "Broken: the record contradicts itself or its signatures."),
    Outcome.INCOMPLETE: ("不完整：现有内容成立，但有缺失。", "Incomplete: something is missing."),
    Outcome.UNREADABLE: ("无法核验。", "This cannot be judged."),
}

STANDINGS: Final = {
    ReportStanding.SEALED: ("已封存", "sealed"),
    ReportStanding.OPEN: ("未封存", "not sealed"),
    ReportStanding.SUPERSEDED: ("已被新版取代，签名作废", "superseded by a later version, its signatures void"),
}

ENDS: Final = {
    SigningEnd.SIGNED: ("已签名", "signed"),
    SigningEnd.SIGNED_WITH_DISSENT: ("已签名，保留不同意见", "signed with dissent"),
    SigningEnd.REFUSED_WITH_DISSENT: ("拒绝签名，已书面陈述不同意见", "refused with a written dissent"),
    SigningEnd.REFUSED: ("拒绝签名，未陈述理由", "refused without reasons"),
    SigningEnd.DEEMED_AGREED: ("拒绝签名且不陈述理由，视为同意", "refused without reasons, deemed to agree"),
    None: ("未签署", "has not answered"),
}

SIGNED: Final = {SigningEnd.SIGNED, SigningEnd.SIGNED_WITH_DISSENT}


def verdict_json(verdict: Verdict) -> str:
    """The verdict for programs."""
    checks = [
        {
            "code": check.code,
            "ok": check.ok,
            "reason": "; ".join(finding.reason for finding in check.findings),
            "where": "; ".join(finding.where for finding in check.findings),
        }
        for check in verdict.checks
    ]
    ok = verdict.outcome is Outcome.SOUND
    said = {"ok": ok, "outcome": verdict.outcome, "checks": checks}
    if verdict.recordings is not None:
        said["recordings"] = msgspec.to_builtins(verdict.recordings)
    if verdict.destruction is not None:
        said["recordings_destroyed"] = msgspec.to_builtins(verdict.destruction)
    return msgspec.json.encode(said).decode()


def print_verdict(out: Console, verdict: Verdict, *, trusts_itself: bool) -> None:
    """The verdict for people; `trusts_itself`: no key of it came by another way."""
    for check in verdict.checks:
        out.print(f"{'[green]✓[/]' if check.ok else '[red]✗[/]'} {check.code}", highlight=False)
        for finding in check.findings:
            print_plainly(out, f"    {finding.where}: {finding.reason}")
    if verdict.opening is not None:
        for account in verdict.reports:
            for line in account_lines(account, verdict.opening.time_zone):
                print_plainly(out, line)
        for line in (
            *_examination(verdict, verdict.opening.time_zone),
            *_destruction(verdict, verdict.opening.time_zone),
        ):
            print_plainly(out, line)
    out.print(words(*OUTCOMES[verdict.outcome]), highlight=False)
    if verdict.opening is not None and trusts_itself:
        for line in _keys(verdict.opening):
            print_plainly(out, line)


def print_plainly(out: Console, text: str) -> None:
    """Print what a package says of itself: no markup, no control characters."""
    out.print("".join(c if c.isprintable() else "�" for c in text), markup=False, highlight=False, soft_wrap=True)


def _examination(verdict: Verdict, zone: str) -> Iterator[str]:
    """What the server found in the recordings; the digests above say whether these are the same files."""
    if verdict.recordings is not None:
        yield ""
        yield words("录音录像检查（记录所载）：", "Recordings, as the record says they were found:")
        yield from (f"  {sentence}" for sentence in check_sentences(verdict.recordings, zone))


def _destruction(verdict: Verdict, zone: str) -> Iterator[str]:
    """That the recordings are gone, and what that is worth."""
    if verdict.destruction is not None:
        yield ""
        yield destruction_sentence(verdict.destruction, zone)
        yield words(
            "这是服务器的陈述，由评标室的日志密钥签名；不能证明没有留下副本。",
            "The server says so, signed with the key of the room's log; it is no proof that no copy is left.",
        )


def account_lines(account: ReportAccount, zone: str) -> Iterator[str]:
    """What holds of a report: how the signing ended for each member, and whether the pages were compared."""
    standing = words(*STANDINGS[account.standing])
    yield ""
    yield words(
        f"{account.title}（{account.lot}）评标报告第 {account.version} 版：{standing}",
        f"{account.title} ({account.lot}), evaluation report, version {account.version}: {standing}",
    )
    yield from (f"  {_member_line(member, zone)}" for member in account.members)
    if account.pages_set_again:
        yield words("  页面：已用本程序重新排版，逐字节一致", "  pages: set again here, the same byte for byte")
    else:
        yield words(
            f"  页面：未比对（由另一版排版程序生成：{account.renderer}），仅核对了所附数据",
            f"  pages: not compared (set by {account.renderer}); only the attached data were",
        )


def _member_line(member: MemberAccount, zone: str) -> str:
    end = words(*ENDS[member.end])
    if member.at is None:
        return words(f"{member.label}：{end}", f"{member.label}: {end}")
    time = _local(member.at, zone)
    source = words("时间戳", "time stamp") if member.end in SIGNED else words("过程记录", "record")
    return words(f"{member.label}：{end}，{time}（{source}）", f"{member.label}: {end}, {time} ({source})")


def _local(at: Millis, zone: str) -> str:
    return f"{datetime.fromtimestamp(at // 1000, UTC).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S} {zone}"


def _keys(opening: RoomOpened) -> Iterator[str]:
    """The keys that a verdict rests on, for comparison with those that were published elsewhere."""
    yield ""
    yield words(
        "以上结论以首行所列公钥为前提，请与各场另行公布的比对（--log-key）；本核验不能证明席位上坐的是谁、摇号是否公正、"
        "时钟是否准确。",
        "This holds if these keys are the right ones: compare them with what each venue published (--log-key). "
        "It cannot show who sat at a seat, that a draw was fair, or that the clock was right.",
    )
    yield f"  log      {opening.log_key}"
    for witness in opening.witnesses:
        yield f"  witness  {witness}"
    for name, venue in opening.venues.items():
        yield f"  {name}  SHA-256 {hashlib.sha256(venue.issuing_certificate).hexdigest()}"
