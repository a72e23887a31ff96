"""The names of things: ids, quantities and digests, so that mypy keeps them apart."""

from typing import NewType

RoomId = NewType("RoomId", str)
"One sitting of one committee."
VenueId = NewType("VenueId", str)
"A county's evaluation site: the main venue (主场) or a sub-venue (副场)."
Alias = NewType("Alias", str)
"One person in one room, such as `E3` or `W1`; never given again."
LotId = NewType("LotId", str)
"标段 (tendering law) or 包 (government procurement)."
BidAlias = NewType("BidAlias", str)
"The code under which the committee sees a bid, such as `A`."
CriterionId = NewType("CriterionId", str)
"One item that a member scores."
CheckId = NewType("CheckId", str)
"One item of the preliminary examination."
WallId = NewType("WallId", str)
"A pass for a supervisor's wall, such as `P1`; never given again."

Seq = NewType("Seq", int)
"Leaf index of a line in its room's tree, from 0."
Millis = NewType("Millis", int)
"Milliseconds since 1970-01-01 UTC."
Centipoints = NewType("Centipoints", int)
"Hundredths of a point: 13.5 points are 1350."

Digest = NewType("Digest", str)
"A SHA-256 in 64 lower-case hexadecimal digits."

SYSTEM = Alias("system")
"`by` of an event that no person caused."
