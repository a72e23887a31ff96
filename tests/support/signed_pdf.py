"""A small signed report: two venues, four members with names that tools stumble over, and everything by a set clock."""

import math
import random
from collections.abc import Sequence
from datetime import timedelta

import msgspec
import typst
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from server.auth.certificates import make_venue_issuer
from server.auth.certified_keys import CertifiedKey
from server.auth.document_certificates import (
    issue_document_certificate,
    issue_seal_certificate,
    issue_timestamp_certificate,
)
from server.auth.x509_authority import Authority, last_crl
from server.domain.ids import Alias, Millis, RoomId, VenueId
from server.reports.handwriting import Point
from server.reports.pdf_signing import (
    ArchiveMaterial,
    FieldBox,
    Prepared,
    add_fields_and_certify,
    finish,
    prepare,
    seal_and_archive,
)
from server.reports.timestamps import EmbeddedTimestamps

NAMES = ("赵𬱖", "王龘", "买买提吐尔逊·阿卜杜热合曼·伊敏尼亚孜", "阿依古丽·买买提")
MAIN, SUB = VenueId("main"), VenueId("sub")
MAIN_NAME = "甲县公共资源交易中心"
ROOM = RoomId("r1")
TEN_YEARS = timedelta(days=3650)


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A person at a seat, with the key that the seat's browser would hold."""

    alias: Alias
    field: str
    name: str
    key: ec.EllipticCurvePrivateKey
    certificate: bytes
    issuer: bytes

    def sign(self, attributes: bytes) -> bytes:
        """What WebCrypto gives: r and s."""
        der = self.key.sign(attributes, ec.ECDSA(hashes.SHA256()))
        return b"".join(part.to_bytes(32) for part in decode_dss_signature(der))


class SigningWorld(msgspec.Struct, frozen=True, kw_only=True):
    """The venues' authorities, the seal, the time-stamp service and the members, at one moment."""

    now: Millis
    main: Authority
    sub: Authority
    seal: CertifiedKey
    stamper: EmbeddedTimestamps
    members: tuple[Member, ...]

    @property
    def anchors(self) -> tuple[bytes, ...]:
        """The issuing certificates that the room's first event names."""
        return tuple(der_of(authority) for authority in (self.main, self.sub))

    def certified(self, pages: int = 1) -> bytes:
        """The report with fields and certification, and no member's signature."""
        boxes = [
            FieldBox(field=member.field, page=pages, x=60, y=100 + 70 * place, w=124, h=51)
            for place, member in enumerate(self.members)
        ]
        return add_fields_and_certify(
            small_pdf(), boxes, self.seal, self.stamper, reason="评标报告定稿", location=MAIN_NAME, at=self.now
        )

    def prepared(self, pdf: bytes, member: Member) -> Prepared:
        """A member's revision, not signed yet."""
        return prepare(
            pdf,
            field=member.field,
            certificate=member.certificate,
            issuer=member.issuer,
            strokes=scribble(member.name),
            reason="确认评标报告",
            location="乙县",
            at=self.now,
        )

    def signed(self, pdf: bytes, *members: Member) -> bytes:
        """The report with these members' signatures."""
        for member in members:
            half = self.prepared(pdf, member)
            pdf = finish(half, pdf, member.sign(half.attributes), self.stamper)
        return pdf

    def closed(self, pdf: bytes) -> bytes:
        """The report sealed and archived."""
        crls = tuple(last_crl(authority, self.now, TEN_YEARS) for authority in (self.main, self.sub))
        material = ArchiveMaterial(authorities=self.anchors, crls=crls)
        return seal_and_archive(
            pdf, self.seal, self.stamper, material, reason="评标结束，报告封存", location=MAIN_NAME, at=self.now
        )

    def report(self) -> bytes:
        """The whole report, signed by every member and closed."""
        return self.closed(self.signed(self.certified(), *self.members))


def make_world(now: Millis) -> SigningWorld:
    """A world whose clock stands still."""
    main, sub = (make_venue_issuer(venue, now) for venue in (MAIN, SUB))
    seal_key, stamp_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    seal = issue_seal_certificate(main, venue=MAIN, venue_name=MAIN_NAME, key=seal_key.public_key(), now=now)
    stamp = issue_timestamp_certificate(main, venue=MAIN, key=stamp_key.public_key(), now=now)
    members = (make_member((main, sub)[place % 2], f"E{place + 1}", name, now) for place, name in enumerate(NAMES))
    return SigningWorld(
        now=now,
        main=main,
        sub=sub,
        seal=CertifiedKey(key=seal_key, certificate=seal, issuer=main.certificate),
        stamper=EmbeddedTimestamps(
            CertifiedKey(key=stamp_key, certificate=stamp, issuer=main.certificate), lambda: now
        ),
        members=tuple(members),
    )


def make_member(issuer: Authority, alias: str, name: str, now: Millis) -> Member:
    """A person certified by a venue."""
    key = ec.generate_private_key(ec.SECP256R1())
    spki = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    certificate = issue_document_certificate(issuer, room=ROOM, alias=Alias(alias), name=name, spki=spki, now=now)
    return Member(
        alias=Alias(alias),
        field=alias,
        name=name,
        key=key,
        certificate=certificate,
        issuer=der_of(issuer),
    )


def der_of(authority: Authority) -> bytes:
    """An authority's certificate."""
    return authority.certificate.public_bytes(serialization.Encoding.DER)


def small_pdf() -> bytes:
    """A page with a score on it, PDF/A-2b as reports are."""
    source = b'#set document(date: datetime(year: 2026, month: 11, day: 26), title: "R")\n= Report\nScore 73.0'
    pdf = typst.compile(source, pdf_standards=["a-2b"])
    assert isinstance(pdf, bytes)
    return pdf


def scribble(name: str) -> Sequence[Sequence[Point]]:
    """Strokes as a hand might make them, some for every letter of the name."""
    chance = random.Random(name)
    return [stroke for place in range(len(name)) for stroke in _letter(chance, place / len(name), 1 / len(name))]


def _letter(chance: random.Random, left: float, width: float) -> Sequence[Sequence[Point]]:
    return [_line(chance, left, width) for _ in range(min(8, 2 + int(24 * width)))]


def _line(chance: random.Random, left: float, width: float) -> Sequence[Point]:
    x, y, heading, pressure = left + chance.random() * width, chance.uniform(0.2, 0.8), chance.uniform(0, 6), 0.4
    points = []
    for _ in range(25):
        heading += chance.uniform(-0.3, 0.3)
        x = min(left + width, max(left, x + 0.05 * width * math.cos(heading)))
        y = min(0.95, max(0.05, y + 0.025 * math.sin(heading)))
        pressure = min(0.9, max(0.1, pressure + chance.uniform(-0.06, 0.06)))
        points.append(Point(x=x, y=y, pressure=pressure))
    return points
