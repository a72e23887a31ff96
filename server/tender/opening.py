"""The events with which a room of a tender begins."""

from collections.abc import Mapping

from server.domain.events import (
    RULES_VERSION,
    AnyEvent,
    BiddersListed,
    BidFileListed,
    BidSealed,
    PersonSealed,
    RoomOpened,
    SeatPlanned,
)
from server.domain.ids import Digest, RoomId, VenueId
from server.domain.plan import BidPlan, Continues, DocumentFile, LotPlan, Person, Policy, Recording, Venue
from server.domain.scoring import Offer
from server.tender.tender_file import ContinuesEntry, LotEntry, PolicyEntry, Tender


def opening_events(
    tender: Tender,
    *,
    room: RoomId,
    documents: Mapping[str, DocumentFile],
    issuing_certificates: Mapping[VenueId, bytes],
    log_key: str,
    witnesses: tuple[str, ...],
    quorum: int,
    client: Digest | None,
    records: bool,
) -> list[AnyEvent]:
    """The first entry of the room's log: the room, its seats and people, the bidders, the sealed bids and their files.

    Args:
        tender: as `read_tender` gave it.
        room: the new room's id.
        documents: the files of the bids, as they are stored, by their names in the tender.
        issuing_certificates: DER, one for each venue of the tender.
        log_key: C2SP vkey of the key that signs the room's checkpoints.
        witnesses: C2SP vkeys of the venues' witnesses.
        quorum: how many of them a checkpoint needs.
        client: SHA-256 over the client build that the server serves; none when it serves none.
        records: whether the server can record at all; the room's first event says so if not.
    """
    opened = RoomOpened(
        rules=RULES_VERSION,
        room=room,
        title=tender.title,
        regime=tender.regime,
        policy=_policy(tender.policy, records=records),
        venues={
            name: Venue(name=venue.name, main=venue.main, issuing_certificate=issuing_certificates[name])
            for name, venue in tender.venues.items()
        },
        lots={name: _lot_plan(lot) for name, lot in tender.lots.items()},
        pledge=tender.pledge,
        log_key=log_key,
        witnesses=witnesses,
        quorum=quorum,
        client=client,
        time_zone=tender.time_zone,
        continues=_continues(tender.continues),
    )
    bidders = BiddersListed(names=_bidders(tender))
    return [opened, *_seats(tender), bidders, *_sealed_bids(tender), *_listed_files(tender, documents)]


def _policy(entry: PolicyEntry, *, records: bool) -> Policy:
    return Policy(
        member_names=entry.member_names,
        retention_years=entry.retention_years,
        recording=entry.recording if records else Recording.OFF,
        cover_faces=entry.cover_faces,
        change_voices=entry.change_voices,
        record_desktops=entry.record_desktops,
    )


def _lot_plan(lot: LotEntry) -> LotPlan:
    bids = {alias: BidPlan(title=bid.title, given=bid.given) for alias, bid in lot.bids.items()}
    return LotPlan(title=lot.title, bids=bids, checks=lot.checks, scheme=lot.scheme)


def _continues(entry: ContinuesEntry | None) -> Continues | None:
    """A checkpoint is a signed note, whose last line has an end too. Source: C2SP signed-note."""
    return None if entry is None else Continues(room=entry.room, checkpoint=f"{entry.checkpoint}\n")


def _seats(tender: Tender) -> list[AnyEvent]:
    events: list[AnyEvent] = []
    for seat in tender.seats:
        person = Person(name=seat.name, organisation=seat.organisation, title=seat.title)
        events += [
            SeatPlanned(alias=seat.alias, role=seat.role, venue=seat.venue),
            PersonSealed(alias=seat.alias, person=person),
        ]
    return events


def _bidders(tender: Tender) -> tuple[str, ...]:
    """Each name once. GB 18030 has the common characters by their sound, the order a Chinese reader looks for."""
    names = {bid.bidder for lot in tender.lots.values() for bid in lot.bids.values()}
    return tuple(sorted(names, key=lambda name: name.encode("gb18030")))


def _sealed_bids(tender: Tender) -> list[AnyEvent]:
    return [
        BidSealed(lot=lot_id, bid=alias, bidder=bid.bidder, offer=Offer(price=bid.price, facts=bid.facts))
        for lot_id, lot in tender.lots.items()
        for alias, bid in lot.bids.items()
    ]


def _listed_files(tender: Tender, documents: Mapping[str, DocumentFile]) -> list[AnyEvent]:
    return [
        BidFileListed(lot=lot_id, bid=alias, title=entry.title, file=documents[entry.file])
        for lot_id, lot in tender.lots.items()
        for alias, bid in lot.bids.items()
        for entry in bid.files
    ]
