"""The words of a talk with the tender agent (与代理机构通话): what about, why it ended, and who takes part.

Members and agent hear each other in a talk only, and a talk is open only while a witness listens.
"""

from enum import StrEnum
from typing import Final

from msgspec import Struct

from server.domain.ids import Alias, Millis

TALK_LIMIT_MS: Final = 15 * 60_000
"A talk ends by itself after so long; what needs more is asked for again."


class TalkTopic(StrEnum):
    """What a talk is about; no free text, which would reach the other side past the witness's ears.

    The project's background is none of them: it is explained in writing only. Source: 87号令, Art. 45.
    """

    PROCEDURE = "procedure"
    "评审程序、评标纪律."
    DOCUMENTS = "documents"
    "评审资料、系统使用."
    CLARIFICATION = "clarification"
    "澄清、说明、补正的办理."
    REPORT = "report"
    "评标报告的办理."
    OTHER = "other"
    "其他事务."


class TalkEnd(StrEnum):
    """Why a talk, or what asked for one, is over."""

    ENDED = "ended"
    "By a party, the witness or the main venue's operator."
    WITHDRAWN = "withdrawn"
    "By who had asked, before it began."
    DECLINED = "declined"
    "By somebody else, before it began."
    PAUSED = "paused"
    SHEET_OPENED = "sheet_opened"
    "Members fill in a sheet alone from now on."
    SEAT_GIVEN_UP = "seat_given_up"
    "Somebody who takes part, or the witness, leaves or moves to another computer."
    ROOM_CLOSED = "room_closed"
    WITNESS_GONE = "witness_gone"
    "The witness does not hear the room any more."
    NOT_RECORDED = "not_recorded"
    "The sound of somebody who takes part is not recorded any more, though it has to be."
    TIME_OVER = "time_over"


ENDS_BY_SERVER: Final = frozenset({TalkEnd.WITNESS_GONE, TalkEnd.NOT_RECORDED, TalkEnd.TIME_OVER})
"Those that the server notices, without anybody's command."


class TalkRequest(Struct, frozen=True, kw_only=True):
    """Somebody asks for a talk; a witness opens it."""

    agent: Alias
    member: Alias | None
    "None for the whole committee."
    topic: TalkTopic
    asked_at: Millis


class Talk(Struct, frozen=True, kw_only=True):
    """The talk that is open now."""

    asker: Alias
    "Who had asked for it."
    agent: Alias
    member: Alias | None
    "None for the whole committee."
    topic: TalkTopic
    witness: Alias
    "Who listens."
    opened_at: Millis


class PastTalk(Struct, frozen=True, kw_only=True):
    """A talk, or what asked for one, that is over."""

    asker: Alias
    agent: Alias
    member: Alias | None
    "None for the whole committee."
    topic: TalkTopic
    witness: Alias | None
    "Who opened it and listened; none where it never began."
    began_at: Millis
    "When it was opened, or asked for where it never began."
    ended_at: Millis
    end: TalkEnd
