"""Recorded draws (摇号) that a scheme asks for: made outside, handed in with the moment, and written down."""

from server.domain.events import AnyEvent, LotDrawn
from server.domain.ids import LotId
from server.domain.moment import Moment


def drawn(lot: LotId, moment: Moment) -> list[AnyEvent]:
    """The record of the draws that this decision was made with."""
    return [LotDrawn(lot=lot, draw=kind, order=order) for kind, order in moment.draws.items()]
