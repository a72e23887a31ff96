"""What a report is about: one locked lot of a room, with the names that may stand in print."""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from server.domain.committee import members
from server.domain.events import RoomOpened
from server.domain.ids import Alias, BidAlias, LotId, VenueId
from server.domain.plan import LotPlan, MemberNames, Regime
from server.domain.roles import Role
from server.domain.state import LotState, RoomState

SEALED: Final = "未开启"
"Stands for bidder and price of a lot whose prices were never opened: the report opens no seal that the room kept."


class Subject(Struct, frozen=True):
    """One lot, with its room."""

    room: RoomState
    opening: RoomOpened
    id: LotId
    plan: LotPlan
    lot: LotState

    @property
    def members(self) -> tuple[Alias, ...]:
        """The members who report, in the order they were planned."""
        return members(self.room)

    @property
    def names_members(self) -> bool:
        """Whether members stand in the report by name; else a list signed apart names them."""
        return self.opening.policy.member_names is not MemberNames.NEVER

    @property
    def is_procurement(self) -> bool:
        """Whether the words of government procurement are used."""
        return self.opening.regime is Regime.GOVERNMENT_PROCUREMENT

    @property
    def owner(self) -> str:
        """What the procuring entity is called."""
        return "采购人" if self.is_procurement else "招标人"

    @property
    def bids(self) -> tuple[BidAlias, ...]:
        """All bids: A to Z, then AA."""
        return in_order(self.plan.bids)

    @property
    def admitted(self) -> tuple[BidAlias, ...]:
        """The bids that passed the preliminary examination."""
        return in_order(self.lot.admitted or ())

    def member(self, alias: Alias) -> str:
        """A member as the report calls them."""
        return f"{alias} {self.room.people[alias].name}" if self.names_members else alias

    def office(self, alias: Alias) -> str:
        """组长 or 成员."""
        return "组长" if self.room.chair == alias else "成员"

    def kind(self, alias: Alias) -> str:
        """Expert, or whose representative."""
        if self.room.seats[alias].role is Role.REPRESENTATIVE:
            return f"{self.owner}代表"
        return "评标专家"

    def venue(self, alias: Alias) -> str:
        """Where a member sits."""
        return self.venue_name(self.room.seats[alias].venue)

    def venue_name(self, venue: VenueId) -> str:
        """The name of a venue."""
        return self.opening.venues[venue].name

    def bid(self, bid: BidAlias) -> str:
        """A bid as the report calls it."""
        title = self.plan.bids[bid].title
        return title if bid in title else f"{bid} {title}"

    def bidder(self, bid: BidAlias) -> str:
        """Who made a bid."""
        return SEALED if self.lot.prices_opened_at is None else self.lot.identities[bid].bidder

    def price(self, bid: BidAlias) -> str:
        """The bid price."""
        return SEALED if self.lot.prices_opened_at is None else self.lot.identities[bid].offer.price


def field_of(member: Alias) -> str:
    """The name of the field that a member signs in: letters and digits, which a PDF holds as they are."""
    return f"Sign{member}"


def in_order(bids: Iterable[BidAlias]) -> tuple[BidAlias, ...]:
    """Bids in the order in which people count them."""
    return tuple(sorted(bids, key=lambda bid: (len(bid), bid)))


def subject_of(room: RoomState, lot: LotId) -> Subject:
    """The lot to report on; it has to be locked."""
    state = room.lots[lot]
    if room.opening is None or state.locked_at is None:
        raise TypeError("a report follows the lock of its lot")
    return Subject(room, room.opening, lot, room.opening.lots[lot], state)
