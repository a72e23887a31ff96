"""入场前检测: what a seat's page has found out, for those who can help. It decides nothing.

A report is taken in every phase: who is moved to another computer, or comes in a member's place, checks later.
"""

from server.domain.commands import ReportPrecheck
from server.domain.events import AnyEvent, PrecheckReported


def report(command: ReportPrecheck) -> list[AnyEvent]:
    """Put it down; a later report takes the place of an earlier one."""
    return [
        PrecheckReported(marks=command.marks, clock_offset_ms=command.clock_offset_ms, line=command.line),
    ]
