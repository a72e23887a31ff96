"""Which layer of each picture a seat is sent, within what its way carries. Pure.

Sound goes first and is never traded. Then every picture that the seat shows gets its lowest layer: the pinned ones
first, then that of who speaks, then the large ones. Then layers rise until each is as high as it is shown, or the
budget is used up: the pinned and the large ones first. A picture that does not even fit at its lowest is paused, and
the seat is told.
"""

from collections.abc import Mapping, Sequence

import msgspec

from signaling.messages import Shown, Track

HIGH_ENOUGH = 0.75
"A layer of three quarters of the lines shown is not worth replacing by one of twice as many bits."
CAUTION = 1.25
"The budget must hold so much more than a layer costs before it is taken up anew; so it does not swing."


class Layer(msgspec.Struct, frozen=True):
    """One encoding of a picture."""

    lines: int
    "Height; 0 while unknown."
    rate_bps: float
    "As lately measured."


PAUSED = None
"In place of a layer's number."

Picture = tuple[str, Track]
"Source and track."

Choice = dict[Picture, int | None]
"Number of the layer by picture, `PAUSED` for one that does not fit; those that are not shown are missing."


def choose(
    budget_bps: float | None,
    layers: Mapping[Picture, Sequence[Layer]],
    shown: Mapping[Picture, Shown],
    before: Mapping[Picture, int | None],
    speaker: str | None = None,
) -> Choice:
    """The layers to send.

    Args:
        budget_bps: for pictures; None if it is not known: then nothing is paused.
        layers: of each picture that may be sent, lowest first, at least one.
        shown: by picture; one that is missing counts as shown in full.
        before: the choice in force.
        speaker: the source that speaks, or spoke last.
    """
    views = {
        picture: shown.get(picture) or Shown(*picture, offered[-1].lines, False) for picture, offered in layers.items()
    }
    order = sorted(
        (picture for picture in layers if picture not in shown or views[picture].lines > 0),
        key=lambda picture: (not views[picture].is_pinned, -views[picture].lines),
    )
    left = float("inf") if budget_bps is None else budget_bps
    choice: Choice = {}
    for picture in sorted(order, key=lambda picture: (not views[picture].is_pinned, picture[0] != speaker)):
        cost = _cost(layers[picture], 0, before.get(picture))
        choice[picture] = 0 if cost <= left else PAUSED
        left -= cost if cost <= left else 0.0
    for picture in order:
        offered, held = layers[picture], before.get(picture)
        target = _wanted(offered, views[picture].lines)
        number = choice[picture]
        while number is not None and number < target:
            step = _cost(offered, number + 1, held) - _cost(offered, number, held)
            if step > left:
                break
            left -= step
            number += 1
            choice[picture] = number
    return choice


def wanted_bps(layers: Mapping[Picture, Sequence[Layer]], shown: Mapping[Picture, Shown]) -> float:
    """What the pictures would take if the budget were no object."""
    total = 0.0
    for picture, all_ in layers.items():
        view = shown.get(picture)
        if view is None or view.lines > 0:
            total += CAUTION * all_[_wanted(all_, view.lines if view is not None else all_[-1].lines)].rate_bps
    return total


def _cost(layers: Sequence[Layer], number: int, before: int | None) -> float:
    """Of one layer; those above the one in force cost more, so that a choice stands once it is made."""
    rate = layers[number].rate_bps
    return rate if before is not None and number <= before else CAUTION * rate


def _wanted(layers: Sequence[Layer], lines: int) -> int:
    """The lowest layer that is high enough."""
    for number, layer in enumerate(layers):
        if layer.lines >= HIGH_ENOUGH * lines:
            return number
    return len(layers) - 1
