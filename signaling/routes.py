"""Who is forwarded to whom: a pure function of the seats present and the policy."""

from collections.abc import Collection, Iterable
from typing import Protocol

import msgspec

from signaling.messages import Track


class Route(msgspec.Struct, frozen=True, order=True):
    """One track of one seat on its way to another."""

    source: str
    listener: str
    track: Track


class MediaPolicy(msgspec.Struct, frozen=True):
    """What may flow; what is not named may not."""

    version: int
    allowed: frozenset[Route]

    def may_receive(self, listener: str, source: str, track: Track) -> bool:
        """Whether a packet of this track may go to this listener now."""
        return Route(source, listener, track) in self.allowed


def policy_of(version: int, allowed: Iterable[tuple[str, str, Track]]) -> MediaPolicy:
    """The policy in a message."""
    return MediaPolicy(version, frozenset(Route(*triple) for triple in allowed))


NOTHING = MediaPolicy(0, frozenset())
"Before the first policy, and while the server is not heard."


class Seat(Protocol):
    """A connected seat as far as routing goes."""

    @property
    def alias(self) -> str:
        """Its name."""
        ...

    @property
    def publishing(self) -> frozenset[Track]:
        """The tracks it agreed to send."""
        ...

    @property
    def receiving(self) -> frozenset[tuple[str, Track]]:
        """(source, track) of the lines it agreed to take."""
        ...


def wanted_routes(seats: Collection[Seat], policy: MediaPolicy) -> frozenset[Route]:
    """Every route the policy allows right now. Pure; `MediaRoom` applies the difference."""
    return frozenset(
        Route(source.alias, listener.alias, track)
        for source in seats
        for track in source.publishing
        for listener in seats
        if listener.alias != source.alias
        and (source.alias, track) in listener.receiving
        and policy.may_receive(listener.alias, source.alias, track)
    )
