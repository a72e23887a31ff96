"""The signed reports in a package: which there must be, and which lines name them.

Of a version's revisions the last one is there: every revision before is its beginning. Bids stay outside; their lines
name them by digest.
"""

from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from server.domain.events import AnnexFiled, ReportFiled, ReportIssued, ReportRevised
from server.domain.ids import Alias, LotId, Seq
from server.domain.lines import Line
from server.domain.plan import DocumentFile

REPORTS: Final = "reports/"


class Revision(Struct, frozen=True, kw_only=True):
    """A state of a report that a line names."""

    seq: Seq
    file: DocumentFile


class ReportFile(Struct, frozen=True, kw_only=True):
    """A file of the package."""

    name: str
    lot: LotId
    version: int
    revisions: tuple[Revision, ...]
    "The last one is the file itself, the others are its beginnings."

    @property
    def last(self) -> Revision:
        """The state that the package holds."""
        return self.revisions[-1]


def report_files(lines: Iterable[Line]) -> dict[str, ReportFile]:
    """Every report, signing record and annex that a record's lines name, by its name in the package."""
    found: dict[str, ReportFile] = {}
    for line in lines:
        for name, revisions in _named(line):
            event = line.event
            if isinstance(event, ReportIssued | ReportRevised | ReportFiled | AnnexFiled):
                known = found.get(name) or ReportFile(name=name, lot=event.lot, version=event.version, revisions=())
                found[name] = replace(known, revisions=(*known.revisions, *revisions))
    return found


def report_name(lot: LotId, version: int, kind: str = "report") -> str:
    """What a report is called in a package."""
    return f"{REPORTS}{quote(lot, safe='')}-v{version}-{quote(kind, safe='')}.pdf"


def annex_name(lot: LotId, version: int, member: Alias) -> str:
    """What a member's annex to a report is called in a package."""
    return report_name(lot, version, f"annex-{member}")


def _named(line: Line) -> Sequence[tuple[str, Sequence[Revision]]]:
    match line.event:
        case ReportIssued() as event:
            states = (event.typeset, event.certified)
            return [(report_name(event.lot, event.version), [Revision(seq=line.seq, file=file) for file in states])]
        case ReportRevised() as event:
            return [(report_name(event.lot, event.version), [Revision(seq=line.seq, file=event.file)])]
        case ReportFiled() as event:
            return [
                (report_name(event.lot, event.version), [Revision(seq=line.seq, file=event.report)]),
                (
                    report_name(event.lot, event.version, "signing-record"),
                    [Revision(seq=line.seq, file=event.signing_record)],
                ),
            ]
        case AnnexFiled() as event:
            name = annex_name(event.lot, event.version, line.by)
            grown = (event.typeset, event.certified, event.file)
            return [(name, [Revision(seq=line.seq, file=file) for file in grown])]
        case _:
            return []
