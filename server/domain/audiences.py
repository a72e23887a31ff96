"""Who may see what, as a table: audience × role → condition.

Every event type has exactly one audience. The author of a line always sees it. Conditions are facts that everyone in
the room can see for themselves (a reveal, the lock, the close), so every fold agrees on them.
Source: `domain.md` 2.3 and the defaults after it; 87号令, Art. 66.
"""

from enum import StrEnum
from typing import Final

from server.domain.roles import Role


class Audience(StrEnum):
    """The one audience of an event type."""

    EVERYONE = "everyone"
    "Phases, gates, progress: what all folds must agree on."
    SHEET = "sheet"
    "One member's own entries: nobody else's before the reveal of the round, supervisors included."
    BALLOT = "ballot"
    "One member's vote for the chair; open to the committee at the count."
    RESULT = "result"
    "What the committee comes to: rejected bids, points of prices, ranks."
    DELIBERATION = "deliberation"
    "What shows single members' points: the members' calculation, why a sheet is returned."
    REPORT = "report"
    "The evaluation report, dissents and minutes: it shows single members' points."
    BID_IDENTITY = "bid_identity"
    "Who made a bid and its price."
    BID_FILE = "bid_file"
    "A bid as the committee reads it."
    PERSON = "person"
    "Who sits at a seat; the subject sees the own line."
    GROUNDS = "grounds"
    "Grounds of a recusal, given in confidence to those who keep order."
    RECORDING = "recording"
    "Digests of what was recorded, and how much space is left: for those who watch over the proceeding."
    STAFF = "staff"
    "What the staff sees to, such as a call: it is told at the seat's venue, and the other members learn nothing."
    OVERSIGHT = "oversight"
    "What supervisors do without being seen: for supervisors, and for auditors after the close."
    COMMITTEE = "committee"
    "What members write to each other: for those who may also hear them speak."


class Condition(StrEnum):
    """From when a role may see a line of an audience."""

    ALWAYS = "always"
    NEVER = "never"
    AFTER_OWN_REVEAL = "after_own_reveal"
    "After the viewer's own first sheet of the stage is revealed: a substitute evaluates without knowing the others'."
    AFTER_REVEAL = "after_reveal"
    "The same, and the line's round is revealed, and its author was still a member then."
    AFTER_REVEAL_OF_ALL = "after_reveal_of_all"
    "After the reveal of the line's round, the lines of replaced members included."
    AFTER_LOCK = "after_lock"
    AFTER_PRICES_OPENED = "after_prices_opened"
    AFTER_BIDS_OPENED = "after_bids_opened"
    "After the lot's examination has begun: the members have checked in and stated no ground for recusal."
    AFTER_CLOSE = "after_close"
    OWN_VENUE = "own_venue"
    "If the subject sits at the viewer's venue; about everybody once names are open, where it is about names."
    SEATED = "seated"
    "If the viewer had taken the seat by then: who comes later did not hear what was said before."
    NAMES_OPEN = "names_open"
    "Once names are open: from the start, from the signing on or never, as the room's policy says."


_C = Condition

AUDIENCES: Final[dict[Audience, dict[Role, Condition]]] = {
    Audience.EVERYONE: {role: _C.ALWAYS for role in Role if role is not Role.CHAIR},
    Audience.SHEET: {
        Role.EXPERT: _C.AFTER_REVEAL,
        Role.REPRESENTATIVE: _C.AFTER_REVEAL,
        Role.HOST_OPERATOR: _C.NEVER,
        Role.VENUE_OPERATOR: _C.NEVER,
        Role.AGENT: _C.NEVER,
        Role.WITNESS: _C.NEVER,
        Role.SUPERVISOR: _C.AFTER_REVEAL_OF_ALL,
        Role.AUDITOR: _C.AFTER_CLOSE,
    },
    Audience.BALLOT: {
        Role.EXPERT: _C.AFTER_REVEAL,
        Role.REPRESENTATIVE: _C.AFTER_REVEAL,
        Role.HOST_OPERATOR: _C.NEVER,
        Role.VENUE_OPERATOR: _C.NEVER,
        Role.AGENT: _C.NEVER,
        Role.WITNESS: _C.NEVER,
        Role.SUPERVISOR: _C.AFTER_REVEAL_OF_ALL,
        Role.AUDITOR: _C.AFTER_CLOSE,
    },
    Audience.RESULT: {
        Role.EXPERT: _C.AFTER_OWN_REVEAL,
        Role.REPRESENTATIVE: _C.AFTER_OWN_REVEAL,
        Role.HOST_OPERATOR: _C.AFTER_LOCK,
        Role.VENUE_OPERATOR: _C.NEVER,
        Role.AGENT: _C.AFTER_LOCK,
        Role.WITNESS: _C.AFTER_LOCK,
        Role.SUPERVISOR: _C.ALWAYS,
        Role.AUDITOR: _C.AFTER_CLOSE,
    },
    Audience.DELIBERATION: {
        Role.EXPERT: _C.AFTER_OWN_REVEAL,
        Role.REPRESENTATIVE: _C.AFTER_OWN_REVEAL,
        Role.HOST_OPERATOR: _C.NEVER,
        Role.VENUE_OPERATOR: _C.NEVER,
        Role.AGENT: _C.NEVER,
        Role.WITNESS: _C.NEVER,
        Role.SUPERVISOR: _C.ALWAYS,
        Role.AUDITOR: _C.AFTER_CLOSE,
    },
    Audience.BID_IDENTITY: {
        Role.EXPERT: _C.AFTER_PRICES_OPENED,
        Role.REPRESENTATIVE: _C.AFTER_PRICES_OPENED,
        Role.HOST_OPERATOR: _C.AFTER_LOCK,
        Role.VENUE_OPERATOR: _C.NEVER,
        Role.AGENT: _C.AFTER_LOCK,
        Role.WITNESS: _C.AFTER_LOCK,
        Role.SUPERVISOR: _C.AFTER_PRICES_OPENED,
        Role.AUDITOR: _C.AFTER_CLOSE,
    },
    Audience.PERSON: {
        Role.EXPERT: _C.NAMES_OPEN,
        Role.REPRESENTATIVE: _C.NAMES_OPEN,
        Role.HOST_OPERATOR: _C.OWN_VENUE,
        Role.VENUE_OPERATOR: _C.OWN_VENUE,
        Role.AGENT: _C.NAMES_OPEN,
        Role.WITNESS: _C.NAMES_OPEN,
        Role.SUPERVISOR: _C.ALWAYS,
        Role.AUDITOR: _C.AFTER_CLOSE,
    },
    Audience.GROUNDS: {
        Role.EXPERT: _C.NEVER,
        Role.REPRESENTATIVE: _C.NEVER,
        Role.HOST_OPERATOR: _C.ALWAYS,
        Role.VENUE_OPERATOR: _C.NEVER,
        Role.AGENT: _C.NEVER,
        Role.WITNESS: _C.ALWAYS,
        Role.SUPERVISOR: _C.ALWAYS,
        Role.AUDITOR: _C.AFTER_CLOSE,
    },
    Audience.REPORT: {
        Role.EXPERT: _C.AFTER_LOCK,
        Role.REPRESENTATIVE: _C.AFTER_LOCK,
        Role.HOST_OPERATOR: _C.NEVER,
        Role.VENUE_OPERATOR: _C.NEVER,
        Role.AGENT: _C.AFTER_CLOSE,
        Role.WITNESS: _C.NEVER,
        Role.SUPERVISOR: _C.ALWAYS,
        Role.AUDITOR: _C.AFTER_CLOSE,
    },
    Audience.BID_FILE: {
        Role.EXPERT: _C.AFTER_BIDS_OPENED,
        Role.REPRESENTATIVE: _C.AFTER_BIDS_OPENED,
        Role.HOST_OPERATOR: _C.NEVER,
        Role.VENUE_OPERATOR: _C.NEVER,
        Role.AGENT: _C.NEVER,
        Role.WITNESS: _C.NEVER,
        Role.SUPERVISOR: _C.AFTER_BIDS_OPENED,
        Role.AUDITOR: _C.AFTER_CLOSE,
    },
    Audience.RECORDING: {
        Role.EXPERT: _C.NEVER,
        Role.REPRESENTATIVE: _C.NEVER,
        Role.HOST_OPERATOR: _C.ALWAYS,
        Role.VENUE_OPERATOR: _C.NEVER,
        Role.AGENT: _C.NEVER,
        Role.WITNESS: _C.ALWAYS,
        Role.SUPERVISOR: _C.ALWAYS,
        Role.AUDITOR: _C.AFTER_CLOSE,
    },
    Audience.STAFF: {
        Role.EXPERT: _C.NEVER,
        Role.REPRESENTATIVE: _C.NEVER,
        Role.HOST_OPERATOR: _C.ALWAYS,
        Role.VENUE_OPERATOR: _C.OWN_VENUE,
        Role.AGENT: _C.NEVER,
        Role.WITNESS: _C.ALWAYS,
        Role.SUPERVISOR: _C.ALWAYS,
        Role.AUDITOR: _C.AFTER_CLOSE,
    },
    Audience.OVERSIGHT: {
        Role.EXPERT: _C.NEVER,
        Role.REPRESENTATIVE: _C.NEVER,
        Role.HOST_OPERATOR: _C.NEVER,
        Role.VENUE_OPERATOR: _C.NEVER,
        Role.AGENT: _C.NEVER,
        Role.WITNESS: _C.NEVER,
        Role.SUPERVISOR: _C.ALWAYS,
        Role.AUDITOR: _C.AFTER_CLOSE,
    },
    Audience.COMMITTEE: {
        Role.EXPERT: _C.SEATED,
        Role.REPRESENTATIVE: _C.SEATED,
        Role.HOST_OPERATOR: _C.NEVER,
        Role.VENUE_OPERATOR: _C.NEVER,
        Role.AGENT: _C.NEVER,
        Role.WITNESS: _C.ALWAYS,
        Role.SUPERVISOR: _C.ALWAYS,
        Role.AUDITOR: _C.AFTER_CLOSE,
    },
}
"The chair sees what the chair's own role (expert or representative) sees: the chair has no row of its own."

NARROWNESS: Final = (
    Audience.EVERYONE,
    Audience.RESULT,
    Audience.COMMITTEE,
    Audience.DELIBERATION,
    Audience.REPORT,
    Audience.BID_FILE,
    Audience.BID_IDENTITY,
    Audience.GROUNDS,
    Audience.RECORDING,
    Audience.STAFF,
    Audience.OVERSIGHT,
    Audience.PERSON,
    Audience.BALLOT,
    Audience.SHEET,
)
"From wide to narrow: a command's signature stands in the narrowest of its events."
