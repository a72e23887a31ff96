"""When each seat has its turn: what is done for all of them from time to time is not done for all at once. Pure.

Work for thirty seats in one go holds up every packet that comes meanwhile, by milliseconds.
"""

from math import floor


def next_turn(now: float, every_s: float, phase: float) -> float:
    """The next of the moments that are `every_s` apart; `phase`, 0 to 1, tells those of one seat from another's."""
    return (floor(now / every_s - phase) + 1 + phase) * every_s
