"""A sitting of which the tests hold every key: the seats', the venues', the log's and the witnesses'.

So a test can play the stranger who changes a copy, and the host who signs anew whatever it has the keys for.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from cryptography.hazmat.primitives.serialization import Encoding

from server.auth.certificates import issue_command_certificate, make_venue_issuer
from server.domain import commands as c
from server.domain.decide import decide
from server.domain.events import AnyEvent, RoomOpened
from server.domain.ids import Alias, LotId, Millis, VenueId
from server.domain.lines import Line
from server.domain.phases import Phase
from server.domain.plan import LotPlan
from server.domain.roles import Role
from server.evidence.canonical import canonical
from server.evidence.checkpoints import sign_checkpoint
from server.evidence.cosignatures import Cosigner
from server.evidence.merkle import Head, MerkleTree, leaf_hash
from server.evidence.notes import NoteSigner
from server.evidence.package import read_package, with_digests, write_package
from server.evidence.sealing import open_command
from server.evidence.verdict import Check, Verdict
from tests.evidence.keys import LOG, cosigner
from tests.support.room_plan import BING, JIA, L2, LOT_TWO, ROOM, YI, opening
from tests.support.room_scenes import operator_of, run_to
from tests.support.room_world import START, SeatKey, World

HOST = Alias("H1")
WITNESSES = (cosigner("yi"), cosigner("bing"))
ISSUERS = {venue: make_venue_issuer(venue, START) for venue in (JIA, YI, BING)}
COSIGNED_AT_S = START // 1000

Seats = dict[Alias, tuple[Role, VenueId]]


class SignedRoom:
    """A world whose seats have certificates and whose heads are signed."""

    def __init__(self, *, seats: Seats | None = None, lots: dict[LotId, LotPlan] | None = None, **opened: Any) -> None:
        self.world = World(signed_opening(seats=seats, lots=lots, **opened))
        self.sizes: list[int] = []

    def enrol(self, alias: Alias, *, issuer: VenueId | None = None) -> None:
        """Bind a fresh key to the seat, certified by its venue or by the one named; its operator confirms it."""
        world = self.world
        key = world.new_key(alias)
        venue = issuer or world.room.seats[alias].venue
        self.submit_enrolment(alias, key, certificate_of(venue, alias, key.spki, world.now))
        if not world.room.seats[alias].confirmed:
            world.act(operator_of(world.room, alias), c.ConfirmSeat(seat=alias, key=key.fingerprint))

    def submit_enrolment(self, alias: Alias, key: SeatKey, certificate: bytes) -> None:
        """What the server does to an `EnrolSeat`."""
        signed = self.world.sign(alias, c.EnrolSeat(spki=key.spki))
        received = open_command(signed, self.world.room)
        moment = msgspec.structs.replace(self.world.moment(received), certificate=certificate)
        self.world._append(decide(received, self.world.room, moment), alias, signed)

    def enrol_all(self, issuers: Mapping[Alias, VenueId] | None = None) -> None:
        """Seat everybody, the operators first; `issuers`: who certifies a seat instead of its venue."""
        for alias in sorted(self.world.room.seats, key=lambda name: name[0] not in "HV"):
            self.enrol(alias, issuer=(issuers or {}).get(alias))

    def sign_head(self) -> None:
        """Have the present head signed and cosigned when the package is made."""
        self.sizes.append(len(self.world.raw))

    def package(self) -> bytes:
        """The record with its signed heads."""
        return signed_package(self.world.raw, self.sizes)


@cache
def certificate_of(venue: VenueId, alias: Alias, spki: bytes, now: Millis) -> bytes:
    """The same certificate for the same seat, so that two sittings can begin alike."""
    return issue_command_certificate(ISSUERS[venue], room=ROOM, alias=alias, spki=spki, now=now)


def signed_opening(
    *, seats: Seats | None = None, lots: dict[LotId, LotPlan] | None = None, **opened: Any
) -> list[AnyEvent]:
    """The first entry with keys that are some; `opened` changes fields of the first event."""
    first, *rest = opening(seats=seats, lots=lots)
    assert isinstance(first, RoomOpened)
    venues = {
        name: msgspec.structs.replace(venue, issuing_certificate=ISSUERS[name].certificate.public_bytes(Encoding.DER))
        for name, venue in first.venues.items()
    }
    keys = {"log_key": LOG.key.vkey, "witnesses": tuple(each.key.vkey for each in WITNESSES), "quorum": 2}
    return [msgspec.structs.replace(first, **{"venues": venues, **keys, **opened}), *rest]


def signed_package(
    raws: Sequence[bytes],
    sizes: Iterable[int],
    *,
    log: NoteSigner = LOG,
    witnesses: Sequence[Cosigner] = WITNESSES,
    reports: Mapping[str, bytes] | None = None,
) -> bytes:
    """The package of any lines, with heads signed at these sizes and these report files."""
    tree = MerkleTree(map(leaf_hash, raws))
    notes = {size: signed_head(tree, size, log=log, witnesses=witnesses) for size in sizes}
    return write_package(raws, notes, reports)


def signed_head(
    tree: MerkleTree, size: int, *, log: NoteSigner = LOG, witnesses: Sequence[Cosigner] = WITNESSES
) -> str:
    """A checkpoint with its cosignatures."""
    note = sign_checkpoint(Head(size=size, root=tree.root(size)), log)
    cosigned = note.with_signatures([witness.cosign(note.text, COSIGNED_AT_S) for witness in witnesses])
    return cosigned.to_bytes().decode()


@cache
def sitting() -> SignedRoom:
    """A whole sitting of both lots up to the close; a head every ten entries and at the end. Not to be changed."""
    room = SignedRoom()

    def sign_some(entry: list[Line]) -> None:
        if len(room.world.entries) % 10 == 0:
            room.sign_head()

    room.world.on_entry = sign_some
    room.enrol_all()
    run_to(room.world, Phase.CLOSED)
    room.sign_head()
    return room


@cache
def short_sitting() -> SignedRoom:
    """The host comes, sees and closes; two heads. Not to be changed."""
    room = SignedRoom(seats={HOST: (Role.HOST_OPERATOR, JIA)}, lots={L2: LOT_TWO})
    room.enrol(HOST)
    room.sign_head()
    room.world.act(HOST, c.CloseRoom(reason="无人到场"))
    room.sign_head()
    return room


def rewritten(raws: Sequence[bytes], number: int, change: Callable[[dict[str, Any]], object]) -> list[bytes]:
    """The lines with one of them changed, in canonical form."""
    fields = json.loads(raws[number])
    change(fields)
    return [*raws[:number], canonical(fields), *raws[number + 1 :]]


def with_files(package: bytes, files: Mapping[str, bytes | None]) -> bytes:
    """The package with these files instead of its own, None for no file, and all digests computed anew."""
    contents = {**read_package(package), **files}
    return with_digests({name: data for name, data in contents.items() if data is not None})


def number_of(raws: Sequence[bytes], type_: str, by: str = "") -> int:
    """The first line of a type, by an author if one is named."""
    marks = (f'"type":"{type_}"'.encode(), f'"by":"{by}"'.encode() if by else b"")
    return next(number for number, raw in enumerate(raws) if all(mark in raw for mark in marks))


def found(verdict: Verdict) -> dict[str, list[str]]:
    """Where each check found something, by its code."""
    return {code: [where for where, _ in findings] for code, findings in found_by(verdict.checks).items()}


def found_by(checks: Iterable[Check]) -> dict[str, list[tuple[str, str]]]:
    """Where and what each check found, by its code."""
    return {check.code: [(each.where, each.reason) for each in check.findings] for check in checks if not check.ok}
