"""Whose turn it is: what is done for all from time to time is not done for all at once. Pure.

Work for thirty seats in one go holds up every packet that comes meanwhile, by milliseconds.
"""

from typing import Generic, TypeVar

Member = TypeVar("Member")


class Turns(Generic[Member]):
    """Everybody has one turn in `count` calls of `next`, and about as many with everybody else."""

    def __init__(self, count: int) -> None:
        self._groups: list[list[Member]] = [[] for _ in range(count)]

    def add(self, member: Member) -> None:
        """Their first turn comes soon."""
        min(self._groups, key=len).append(member)

    def remove(self, member: Member) -> None:
        """They have no turn any more."""
        for group in self._groups:
            if member in group:
                group.remove(member)

    def next(self) -> tuple[Member, ...]:
        """Those whose turn it is."""
        group = self._groups.pop(0)
        self._groups.append(group)
        return tuple(group)
