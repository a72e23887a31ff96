"""The named annex (成员名单附页) as a document: pure, every text ready to be set.

Where a room never tells names, the report bears aliases. Each member who signs it says on a page apart, signed and
sealed like the report, who the alias is. Everything on it follows from lines that stand before the signature.
Source: `domain.md` 2.3.
"""

from typing import Final

from server.domain.ids import Alias, LotId
from server.domain.state import Report, RoomState
from server.reports.document import Fact, Facts, ReportDocument, Section, SignaturePlace
from server.reports.subject import Subject, field_of, subject_of
from server.reports.times import local_time

DECLARATION: Final = (
    "上述代号在评标报告中作出的评审意见和签名，均为本人作出。本附页由本人电子签名，不向评标委员会其他成员公开，"
    "评标结束后作为评标报告的附件归档。",
    "签名证书由系统内置的证书机构签发，该机构不是依法设立的电子认证服务提供者。",
)


def annex_document(room: RoomState, lot: LotId, member: Alias) -> ReportDocument:
    """The page on which a member who has signed a lot's report says who the alias is."""
    subject = subject_of(room, lot)
    report = subject.lot.report
    if report is None or report.issued is None or member not in report.ended_at:
        raise TypeError("an annex follows the member's signature in the report")
    signed_at, certified = report.ended_at[member], report.issued.certified
    return ReportDocument(
        title="成员名单附页",
        project=subject.opening.title,
        lot=subject.plan.title,
        version=f"第 {report.version} 版",
        time=local_time(signed_at, subject.opening.time_zone),
        record=f"所附评标报告 SHA-256 {certified.sha256}",
        at=signed_at,
        sections=(
            Section(title="所附评标报告", blocks=(_report(subject, report, member),)),
            Section(title="代号对应的成员", blocks=(_person(subject, member),)),
        ),
        appendices=(),
        declaration=DECLARATION,
        signatures=(_signature(subject, member),),
    )


def _report(subject: Subject, report: Report, member: Alias) -> Facts:
    if report.issued is None:
        raise TypeError("an annex follows a report")
    certified = report.issued.certified
    pairs = (
        ("评标室编号", subject.opening.room),
        ("项目名称", subject.opening.title),
        ("包" if subject.is_procurement else "标段", subject.plan.title),
        ("报告版本", f"第 {report.version} 版"),
        ("报告定稿", f"SHA-256 {certified.sha256}"),
        ("定稿大小", f"{certified.size} 字节，即签署、封存后的报告文件开头的这些字节"),
        ("签署报告时间", local_time(report.ended_at[member], subject.opening.time_zone)),
    )
    return Facts(facts=tuple(Fact(label=label, value=value, wide=True) for label, value in pairs))


def _person(subject: Subject, member: Alias) -> Facts:
    person = subject.room.people[member]
    return Facts(
        facts=(
            Fact(label="代号", value=member),
            Fact(label="姓名", value=person.name),
            Fact(label="工作单位", value=person.organisation, wide=True),
            Fact(label="职称（职务）", value=person.title, wide=True),
            Fact(label="所在场地", value=subject.venue(member), wide=True),
            Fact(label="类别", value=subject.kind(member)),
            Fact(label="职务", value=subject.office(member)),
        )
    )


def _signature(subject: Subject, member: Alias) -> SignaturePlace:
    role = f"{subject.office(member)}，{subject.kind(member)}，{subject.venue(member)}"
    return SignaturePlace(field=field_of(member), label=f"{member} {subject.room.people[member].name}", role=role)
