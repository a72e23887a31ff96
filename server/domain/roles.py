"""Who takes part. Source: `domain.md` 2.3; 87号令, Art. 45; 12号令, Art. 9."""

from enum import StrEnum


class Role(StrEnum):
    """What a person is in the room. `CHAIR` is never planned: a member becomes it by election."""

    EXPERT = "expert"
    "评标专家."
    REPRESENTATIVE = "representative"
    "招标人代表 / 采购人代表: a member of the committee with one vote."
    CHAIR = "chair"
    "评标委员会负责人 / 组长: a member, in addition."
    HOST_OPERATOR = "host_operator"
    "主场管理员."
    VENUE_OPERATOR = "venue_operator"
    "副场管理员."
    AGENT = "agent"
    "招标代理."
    WITNESS = "witness"
    "见证人员."
    SUPERVISOR = "supervisor"
    "行政监督."
    AUDITOR = "auditor"
    "审计."


MEMBERS = frozenset({Role.EXPERT, Role.REPRESENTATIVE})
"The roles that make up the committee; each has one vote."

CALLERS = frozenset({Role.EXPERT, Role.REPRESENTATIVE, Role.AGENT, Role.WITNESS})
"The roles that sit at a seat and can call the staff; supervisors are not to be seen."

OPERATORS = frozenset({Role.HOST_OPERATOR, Role.VENUE_OPERATOR})
"The roles that confirm and release the seats of their own venue."
