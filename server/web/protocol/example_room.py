"""The small room that all examples of the protocol are taken from: its keys, its plan, and what its scoring gives."""

import hashlib
from decimal import Decimal
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server.domain.commands import AnyCommand, Envelope, command_fields
from server.domain.events import AnyEvent
from server.domain.ids import Alias, BidAlias, CheckId, CriterionId, Digest, LotId, Millis, RoomId, VenueId
from server.domain.plan import BidPlan, Check, LotPlan, RoomRef, SeenTree, SignedCommand
from server.domain.scoring import (
    Offer,
    Scheme,
    ScoringLaw,
    aggregate_members,
    check_given,
    check_sheet,
    rank,
    score_prices,
)
from server.domain.scoring.criteria import Group, MemberCriterion, PriceCriterion
from server.domain.scoring.price_rule import Benchmark, PriceRule, Ratio, Statistic
from server.domain.scoring.scheme import HigherPoints, LowerPrice
from server.evidence.canonical import canonical
from server.evidence.checkpoints import sign_checkpoint
from server.evidence.command_signatures import key_fingerprint, sign_command
from server.evidence.cosignatures import Cosigner
from server.evidence.merkle import Head, leaf_hash
from server.evidence.notes import NoteSigner
from server.evidence.sealing import seal

ROOM: Final = RoomId("2026-0117")
LOT: Final = LotId("1")
JIA: Final = VenueId("jia")
YI: Final = VenueId("yi")
E1, E2, R1, A1 = (Alias(name) for name in ("E1", "E2", "R1", "A1"))
BID_A, BID_B = BidAlias("A"), BidAlias("B")
LICENCE: Final = CheckId("licence")
METHOD: Final = CriterionId("method")
AT: Final = Millis(1_768_615_200_000)

SEAT_KEY: Final = ec.derive_private_key(0xE1, ec.SECP256R1())
SPKI: Final = SEAT_KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
KEY: Final = key_fingerprint(SPKI)
LOG: Final = NoteSigner(f"jia.example/rooms/{ROOM}", Ed25519PrivateKey.from_private_bytes(b"log".ljust(32, b".")))
WITNESS: Final = Cosigner("yi.example/witness", Ed25519PrivateKey.from_private_bytes(b"witness".ljust(32, b".")))


def salt(text: str) -> bytes:
    """Sixteen bytes that stand for random ones."""
    return hashlib.sha256(text.encode()).digest()[:16]


def digest(text: str) -> Digest:
    """A digest of something."""
    return Digest(hashlib.sha256(text.encode()).hexdigest())


SCHEME: Final = Scheme(
    law=ScoringLaw.PROCUREMENT_GOODS,
    criteria=Group(
        id=CriterionId("total"),
        title="总分",
        points=Decimal(100),
        children=(
            MemberCriterion(id=METHOD, title="实施方案", max_points=Decimal(70), unit=Decimal("0.5")),
            PriceCriterion(id=CriterionId("price"), title="报价", max_points=Decimal(30)),
        ),
    ),
    price=PriceRule(benchmark=Benchmark(statistic=Statistic.LOWEST), formula=Ratio()),
    ranking=(HigherPoints(node=CriterionId("total")), LowerPrice()),
)

LOT_PLAN: Final = LotPlan(
    title="第一包：教学设备",
    bids={BID_A: BidPlan(title="投标文件 A", given={}), BID_B: BidPlan(title="投标文件 B", given={})},
    checks=(Check(id=LICENCE, title="营业执照", basis="招标文件 2.1"),),
    scheme=SCHEME,
)

OFFERS: Final = {BID_A: Offer(price="95.00"), BID_B: Offer(price="100.00")}

POINTS: Final = {BID_A: {METHOD: "61.5"}, BID_B: {METHOD: "66"}}

MEMBERS_RESULT: Final = aggregate_members(
    SCHEME,
    {E1: check_sheet(SCHEME, LOT_PLAN.bids, POINTS)},
    LOT_PLAN.bids,
    given=check_given(SCHEME, LOT_PLAN.bids, {bid: plan.given for bid, plan in LOT_PLAN.bids.items()}),
)
PRICES_RESULT: Final = score_prices(SCHEME, OFFERS, LOT_PLAN.bids)
RANKING: Final = rank(SCHEME, MEMBERS_RESULT, PRICES_RESULT)

FIRST: Final = leaf_hash(b"the room's first line")


def command_text(command: AnyCommand) -> str:
    """What a seat signs for a command."""
    envelope = Envelope(
        room=RoomRef(id=ROOM, first=Digest(FIRST.hex())),
        by=E1,
        n=7,
        seen=SeenTree(size=41, root=digest("the root over 41 lines")),
        nonce=salt("the nonce of a command"),
    )
    return canonical(command_fields(envelope, command)).decode()


def signed(command: AnyCommand) -> SignedCommand:
    """A command with its signature."""
    text = command_text(command)
    return SignedCommand(text=text, key=KEY, signature=sign_command(SEAT_KEY, text))


def line_of(event: AnyEvent) -> bytes:
    """An event as a line of the record."""
    return seal([event], by=E1, at=AT, first_seq=41, salts=[salt(type(event).__name__)])[0]


def checkpoint() -> str:
    """The signed and cosigned head of a room with one line."""
    note = sign_checkpoint(Head(size=1, root=FIRST), LOG)
    return note.with_signatures([WITNESS.cosign(note.text, AT // 1000)]).to_bytes().decode()
