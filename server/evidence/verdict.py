"""What verification finds: every check with every reason, never just yes or no."""

from enum import StrEnum

from msgspec import Struct

from server.domain.events import RecordingsChecked, RoomOpened
from server.domain.recordings import Destruction
from server.evidence.report_accounts import ReportAccount


class Outcome(StrEnum):
    """What a package is worth."""

    SOUND = "sound"
    "Everything that was checked holds, and nothing is missing."
    BROKEN = "broken"
    "Something contradicts itself or its signatures."
    INCOMPLETE = "incomplete"
    "What is there holds, and something is missing."
    UNREADABLE = "unreadable"
    "No package, or one of a version that this program cannot judge."


EXIT_CODES = {Outcome.SOUND: 0, Outcome.BROKEN: 1, Outcome.INCOMPLETE: 2, Outcome.UNREADABLE: 3}
"What `lianping verify` exits with."

_WORST_FIRST = (Outcome.BROKEN, Outcome.UNREADABLE, Outcome.INCOMPLETE)
"A contradiction is one in every version; what cannot be read may be sound to another."


class Finding(Struct, frozen=True, kw_only=True):
    """One fact against the package."""

    reason: str
    where: str
    "File and, where it makes sense, lines, from 1, both ends included: `lines.jsonl:17`, `lines.jsonl:17-23`."


class Check(Struct, frozen=True, kw_only=True):
    """One check and what it found."""

    code: str
    "Stable."
    failure: Outcome
    "What a finding of this check makes of the package."
    findings: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether it found nothing."""
        return not self.findings


class JudgedReports(Struct, frozen=True, kw_only=True):
    """What is said of a package's reports."""

    checks: tuple[Check, ...] = ()
    accounts: tuple[ReportAccount, ...] = ()


class Verdict(Struct, frozen=True, kw_only=True):
    """All checks that could be made."""

    checks: tuple[Check, ...]
    opening: RoomOpened | None = None
    "The first event, whose keys were believed: worth what a comparison with the venues' own word makes of it."
    reports: tuple[ReportAccount, ...] = ()
    "Those that were judged and against which nothing was found."
    recordings: RecordingsChecked | None = None
    "What the last examination of the recordings came to, where they are checked and one stands in the record."

    destruction: Destruction | None = None
    "That the recordings were destroyed, where a note says so that holds."

    @property
    def outcome(self) -> Outcome:
        """The worst that any check found."""
        failures = {check.failure for check in self.checks if not check.ok}
        return next((outcome for outcome in _WORST_FIRST if outcome in failures), Outcome.SOUND)
