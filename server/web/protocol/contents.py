"""What the protocol consists of: one list of roots for the page's types and for the protocol's description."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct

import server
from server.domain.commands import AnyCommand, Envelope
from server.domain.errors import Rejection
from server.domain.events import AnyEvent
from server.domain.lines import LineHead
from server.domain.state import RoomState
from server.session.frames import AnyFromSeat, AnyToSeat
from server.web.protocol.shapes import Scalar, fields_of, is_struct, leaves, members_of, reachable
from server.web.signal_frames import AnySignalFromSeat, AnySignalToSeat

COMMANDS: Final = members_of(AnyCommand)
EVENTS: Final = members_of(AnyEvent)
FRAMES_FROM_SEAT: Final = members_of(AnyFromSeat)
FRAMES_TO_SEAT: Final = members_of(AnyToSeat)
SIGNAL_FROM_SEAT: Final = members_of(AnySignalFromSeat)
SIGNAL_TO_SEAT: Final = members_of(AnySignalToSeat)

IN_JSON: Final[tuple[Any, ...]] = (Envelope, *COMMANDS, LineHead, *EVENTS, RoomState)
IN_FRAMES: Final[tuple[Any, ...]] = (*FRAMES_FROM_SEAT, *FRAMES_TO_SEAT, *SIGNAL_FROM_SEAT, *SIGNAL_TO_SEAT)

_NAMES: Final = {RoomState: "RoomView"}
"A page never holds the truth, only what its lines fold to."

_EDGES: Final = ("domain", "evidence", "replay", "auth", "reports", "store", "session", "web")
"The packages whose refusals a page may be told."


def name_of(named: Any) -> str:
    """The name of a type in the protocol."""
    return _NAMES.get(named, str(named.__name__))


def tag_of(struct: type[Struct]) -> tuple[str, str] | None:
    """The field that tells which struct of a union it is, with its value; None for a struct without."""
    config = struct.__struct_config__
    return (config.tag_field, str(config.tag)) if config.tag_field else None


def json_types() -> list[Any]:
    """The named types of commands, events and the view."""
    return reachable(IN_JSON)


def frame_types() -> list[Any]:
    """The named types that stand in frames only.

    Raises:
        TypeError: a struct with bytes stands in frames and in JSON: raw in one, base64 in the other.
    """
    in_json = set(json_types())
    found = reachable(IN_FRAMES)
    for each in found:
        if each in in_json and is_struct(each) and _has_bytes(each):
            raise TypeError(f"{name_of(each)} has bytes, and stands in frames and in JSON")
    return [each for each in found if each not in in_json]


def _has_bytes(struct: type[Struct]) -> bool:
    return any(Scalar.BYTES in leaves(field.shape) for field in fields_of(struct))


def rejections() -> dict[str, str]:
    """Every refusal that the server knows: its code and its sentence, by code.

    Raises:
        TypeError: two classes share a code and say different things.
    """
    found: dict[str, str] = {}
    for cls in _rejection_classes():
        if found.setdefault(cls.code, cls.sentence) != cls.sentence:
            raise TypeError(f"two sentences for the code {cls.code}")
    return dict(sorted(found.items()))


def _rejection_classes() -> Iterator[type[Rejection]]:
    for package in _EDGES:
        for name in _modules(package):
            for each in vars(importlib.import_module(name)).values():
                if isinstance(each, type) and issubclass(each, Rejection) and each is not Rejection:
                    yield each


def _modules(package: str) -> Iterator[str]:
    root = importlib.import_module(f"{server.__name__}.{package}")
    for module in pkgutil.walk_packages(root.__path__, f"{root.__name__}."):
        if not module.name.endswith("__main__"):
            yield module.name
