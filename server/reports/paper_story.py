"""What a record's lines tell of a document that members sign: a version of a report, or a member's annex to one."""

from msgspec import Struct

from server.domain.commands import SignAnnex, SignReport
from server.domain.events import RoomOpened
from server.domain.ids import Alias
from server.domain.lines import Line
from server.domain.plan import DocumentFile
from server.reports.document import ReportDocument
from server.reports.paper_kinds import PaperKind
from server.reports.signature_words import ANNEX_SIGNED, member_reason
from server.reports.subject import field_of


class ToldSignature(Struct, frozen=True, kw_only=True):
    """A member's signature, as the record has it."""

    member: Alias
    certificate: bytes
    "Of the member's document key then, in DER."
    command: SignReport | SignAnnex
    file: DocumentFile | None
    "The document with this signature in it; none where only the sealed one is named."
    line: Line
    place: str
    "The name of the venue where the member sits."

    @property
    def field(self) -> str:
        """Where it stands in the document."""
        return field_of(self.member)

    @property
    def reason(self) -> str:
        """Why it was made, as its dictionary has to say."""
        return member_reason(self.command.dissent) if isinstance(self.command, SignReport) else ANNEX_SIGNED


class ToldSeal(Struct, frozen=True, kw_only=True):
    """That a document was closed."""

    line: Line
    file: DocumentFile


class PaperStory(Struct, frozen=True, kw_only=True):
    """One document."""

    kind: PaperKind
    name: str
    "In the package."
    opening: RoomOpened
    line: Line
    "The first that names it; what it says follows from the lines before."
    is_certified_then: bool
    "Whether that line was written when it was certified: a report is, an annex is shown first and signed later."
    typeset: DocumentFile
    certified: DocumentFile
    renderer: str
    document: ReportDocument
    members: tuple[Alias, ...]
    "Who is asked to sign."
    signatures: tuple[ToldSignature, ...]
    "In the order in which they were made."
    seal: ToldSeal | None
