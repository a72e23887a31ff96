"""Writes `tests/vectors/report-signature.json`: `python -m tests.support.make_signature_vector`.

What a server hands to the pages of two members who sign a small report one after the other; the client's tests hold
their checks to it. Made anew whenever the form of a revision changes; keys and certificates are new each time.
"""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from server.domain.ids import Millis
from server.reports.pdf_signing import Prepared, finish
from tests.support.signed_pdf import Member, SigningWorld, make_world

VECTOR = Path(__file__).parents[1] / "vectors" / "report-signature.json"
AT = Millis(1_764_140_000_000)


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def wanted(half: Prepared, base: bytes, member: Member) -> dict[str, Any]:
    """What the page of a member is handed, and what it must find."""
    whole = base + half.tail
    _, first, second, _ = half.byte_range
    return {
        "alias": member.alias,
        "certificate": text(half.certificate),
        "prepared": {
            "tail": text(half.tail),
            "byte_range": half.byte_range,
            "attributes": text(half.attributes),
        },
        "document": hashlib.sha256(whole[:first] + whole[second:]).hexdigest(),
    }


def named(world: SigningWorld) -> SigningWorld:
    """The world with fields as a room names them."""
    return replace(world, members=tuple(replace(each, field=f"Sign{each.alias}") for each in world.members[:2]))


def vector() -> dict[str, Any]:
    """The certified report, the first member's signature, and the second's over it."""
    world = named(make_world(AT))
    first, second = world.members
    certified = world.certified()
    half = world.prepared(certified, first)
    signed = finish(half, certified, first.sign(half.attributes), world.stamper)
    return {
        "certified": text(certified),
        "first": wanted(half, certified, first),
        "signed": text(signed[len(certified) :]),
        "second": wanted(world.prepared(signed, second), signed, second),
    }


if __name__ == "__main__":
    VECTOR.write_text(json.dumps(vector(), indent=1) + "\n")
