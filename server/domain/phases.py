"""Where a room and each of its lots stand.

A room goes prepared → check_in → chair_election → evaluation → closed. While it is in evaluation every lot goes
examination → scoring → prices → summary → locked by itself and, once all lots are locked, → signing → sealed.
`phase_of` gives the phase that decides about a command.
"""

from enum import StrEnum


class Phase(StrEnum):
    """A phase of the room or of a lot."""

    PREPARED = "prepared"
    "已创建: seats are planned, nobody is checked in."
    CHECK_IN = "check_in"
    "签到: identity, recusal statement, pledge."
    CHAIR_ELECTION = "chair_election"
    "推选组长."
    EVALUATION = "evaluation"
    "评审: the lots have phases of their own."
    EXAMINATION = "examination"
    "初步评审: form, eligibility, responsiveness; each member alone."
    SCORING = "scoring"
    "详细评审打分; each member alone."
    PRICES = "prices"
    "价格评审: points are revealed, prices still sealed."
    SUMMARY = "summary"
    "汇总: ranked, not yet locked."
    LOCKED = "locked"
    "结果锁定."
    SIGNING = "signing"
    "签署: the lot's report is fixed, each member signs it or says why not."
    SEALED = "sealed"
    "报告封存."
    PAUSED = "paused"
    "暂停: stands for any phase while a pause lasts; never stored as a phase."
    CLOSED = "closed"
    "已关闭."


class Stage(StrEnum):
    """What members fill in alone and reveal together."""

    ELECTION = "election"
    EXAMINATION = "examination"
    SCORING = "scoring"
