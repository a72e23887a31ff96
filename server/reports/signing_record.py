"""The signing record (签署情况说明), an annex to a sealed report: how the signing ended for each member.

Source: 12号令, Art. 43; 87号令, Art. 61: four ends, and what a member writes against the report stands in full.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

import msgspec
from msgspec import Struct

from server.domain.ids import Digest, Millis
from server.evidence.canonical import canonical
from server.reports.document import Fact
from server.reports.times import local_time
from server.reports.typesetting import typeset


class SigningOutcome(StrEnum):
    """How the signing ended for a member."""

    SIGNED = "signed"
    SIGNED_WITH_DISSENT = "signed_with_dissent"
    REFUSED_WITH_DISSENT = "refused_with_dissent"
    DEEMED_AGREED = "deemed_agreed"
    "Refused without reasons; the chair minutes it."


class SigningRow(Struct, frozen=True, kw_only=True):
    """One member's end."""

    label: str
    "The member as the report calls them: alias, and name where names stand in print."
    outcome: SigningOutcome
    at: Millis
    text: str
    "The dissent in full, or the chair's minute about a member who is deemed to agree; empty for a plain signature."


class SigningFacts(Struct, frozen=True, kw_only=True):
    """What the record is about."""

    project: str
    lot: str
    version: int
    "Of the report."
    digest: Digest
    "SHA-256 of the sealed report's file."
    at: Millis
    zone: str
    "The room's time zone."
    size: int
    "Lines of the room's record that this rests on."
    root: Digest


class SigningEntry(Struct, frozen=True, kw_only=True):
    """One member's end, ready to be set."""

    label: str
    outcome: str
    time: str
    heading: str
    "What the text is; empty without one."
    paragraphs: tuple[str, ...]


class SigningRecord(Struct, frozen=True, kw_only=True):
    """The annex as a document, every text ready to be set."""

    title: str
    project: str
    lot: str
    record: str
    at: Millis
    facts: tuple[Fact, ...]
    entries: tuple[SigningEntry, ...]
    notes: tuple[str, ...]


OUTCOMES: Final[dict[SigningOutcome, str]] = {
    SigningOutcome.SIGNED: "已签名",
    SigningOutcome.SIGNED_WITH_DISSENT: "已签名并保留不同意见",
    SigningOutcome.REFUSED_WITH_DISSENT: "拒绝签名并书面陈述不同意见",
    SigningOutcome.DEEMED_AGREED: "拒绝签名且不陈述理由，视为同意",
}

_HEADINGS: Final[dict[SigningOutcome, str]] = {
    SigningOutcome.SIGNED: "",
    SigningOutcome.SIGNED_WITH_DISSENT: "不同意见及理由",
    SigningOutcome.REFUSED_WITH_DISSENT: "不同意见及理由",
    SigningOutcome.DEEMED_AGREED: "评标委员会的说明",
}

SIGNING_ATTACHED: Final = "signing-record.json"

NOTES: Final = (
    "本说明是评标报告的附件，记载评标委员会成员对报告的签署情况；不同意见按成员提交的原文全文载入。",
    "对评审结论持有异议的成员，可以书面方式阐述其不同意见和理由；拒绝签名且不陈述不同意见和理由的，视为同意评审结论，"
    "评标委员会对此作出书面说明。",
)


def signing_record(facts: SigningFacts, rows: Sequence[SigningRow]) -> SigningRecord:
    """The annex to a sealed report; `rows` in the order of the members."""
    pairs = (
        ("项目名称", facts.project),
        ("标段（包）", facts.lot),
        ("所附报告", f"评标报告（第 {facts.version} 版）"),
        ("报告文件", f"SHA-256 {facts.digest}"),
        ("签署情况", _counted(rows)),
        ("说明时间", local_time(facts.at, facts.zone)),
    )
    return SigningRecord(
        title="签署情况说明",
        project=facts.project,
        lot=facts.lot,
        record=f"过程记录前 {facts.size} 条，树根 {facts.root}",
        at=facts.at,
        facts=tuple(Fact(label=label, value=value, wide=True) for label, value in pairs),
        entries=tuple(_entry(row, facts.zone) for row in rows),
        notes=NOTES,
    )


def render_signing_record(document: SigningRecord) -> bytes:
    """Sets the annex as PDF/A-3b with its data attached, as `render_report` does a report.

    Raises:
        FontsMissing: `make setup` has not been run.
    """
    data = canonical(msgspec.to_builtins(document))
    return typeset("signing_record.typ", document, document.at, data=data).pdf


def _counted(rows: Sequence[SigningRow]) -> str:
    counts = [(words, sum(row.outcome is outcome for row in rows)) for outcome, words in OUTCOMES.items()]
    return "；".join([f"成员 {len(rows)} 人", *(f"{words} {count} 人" for words, count in counts if count)])


def _entry(row: SigningRow, zone: str) -> SigningEntry:
    paragraphs = tuple(line.strip() for line in row.text.splitlines() if line.strip())
    return SigningEntry(
        label=row.label,
        outcome=OUTCOMES[row.outcome],
        time=local_time(row.at, zone),
        heading=_HEADINGS[row.outcome] if paragraphs else "",
        paragraphs=paragraphs,
    )
