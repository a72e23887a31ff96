"""The two kinds of documents that members sign: the report, and each one's annex to it where it bears aliases."""

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from server.reports.document import ReportDocument
from server.reports.report_pdf import ANNEX_ATTACHED, ATTACHED, RenderedReport, render_annex, render_report
from server.reports.signature_words import ANNEX_ISSUED, ANNEX_SEALED, ISSUED, SEALED


class PaperKind(Struct, frozen=True, kw_only=True):
    """What tells the kinds apart."""

    render: Callable[[ReportDocument], RenderedReport]
    attached: str
    "The name of the data attached to it."
    issued: str
    "Why it was certified, as the signature's dictionary says."
    sealed: str
    "Why it was sealed."


REPORT: Final = PaperKind(render=render_report, attached=ATTACHED, issued=ISSUED, sealed=SEALED)
ANNEX: Final = PaperKind(render=render_annex, attached=ANNEX_ATTACHED, issued=ANNEX_ISSUED, sealed=ANNEX_SEALED)
