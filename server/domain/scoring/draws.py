"""Recorded draws (摇号): made outside, handed in; the engine only says what it needs and reads what came out."""

from collections.abc import Mapping, Sequence

from server.domain.scoring.errors import DrawKind, DrawNeeded, DrawUnknown

Draws = Mapping[DrawKind, tuple[str, ...]]
"What came out, in the order drawn: the first one counts, for a tie the whole order."


def drawn_first(kind: DrawKind, among: Sequence[str], draws: Draws) -> str:
    """The one that was drawn.

    Raises:
        DrawNeeded: there is no such draw yet.
        DrawUnknown: what was drawn is none of the choices.
    """
    if not draws.get(kind):
        raise DrawNeeded(kind, among)
    first = draws[kind][0]
    if first not in among:
        raise DrawUnknown(draw=kind.value, drawn=first, among=", ".join(among))
    return first


def drawn_places(kind: DrawKind, among: Sequence[str], draws: Draws) -> dict[str, int]:
    """The place of each, from 1, in the drawn order.

    Raises:
        DrawNeeded: there is no draw that holds all of them.
    """
    order = draws.get(kind, ())
    if not set(among) <= set(order):
        raise DrawNeeded(kind, among)
    return {name: order.index(name) + 1 for name in among}
