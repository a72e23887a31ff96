"""What a command comes to: decided with the certificates, draws and documents that it turns out to need, and sealed."""

import secrets
from collections.abc import Iterable, Mapping

from server.domain.commands import EnrolDocumentKey, EnrolSeat
from server.domain.decide import decide
from server.domain.events import AnyEvent
from server.domain.ids import Millis
from server.domain.lines import SALT_SIZE
from server.domain.moment import Moment, Papers, PapersNeeded, Received
from server.domain.plan import SignedCommand
from server.domain.rules.checks import present_seat
from server.domain.scoring import DrawKind, DrawNeeded
from server.evidence.sealing import document_key_of, seal
from server.session.record import Record
from server.session.surroundings import Surroundings
from server.store.room_log import Entry


class CommandEntries:
    """Makes the entries of one room's commands; nothing is appended here."""

    def __init__(self, record: Record, around: Surroundings) -> None:
        self._record = record
        self._around = around

    async def entry_of(self, received: Received, signed: SignedCommand) -> Entry | None:
        """The entry of a command; none where the record grew while documents were made for it.

        Raises:
            Rejection: the rules forbid it.
        """
        now = Millis(max(self._around.clock(), self._record.last_at))
        try:
            events = self._events(received, now)
        except PapersNeeded:
            moment = self._moment(received, now, {})
            papers = await self._around.make_papers(received, self._record.room, moment)
            if self._record.size != moment.size:
                return None
            events = self._events(received, now, papers)
        lines = seal(
            events,
            by=received.envelope.by,
            at=now,
            first_seq=self._record.size,
            salts=[secrets.token_bytes(SALT_SIZE) for _ in events],
            signed=signed,
        )
        return Entry(head=self._record.head_with(lines), lines=lines)

    def _events(self, received: Received, now: Millis, papers: Papers | None = None) -> list[AnyEvent]:
        """Decide, making each draw that turns out to be needed.

        Raises:
            PapersNeeded: everything else allows the command.
        """
        draws: dict[DrawKind, tuple[str, ...]] = {}
        while True:
            try:
                return decide(received, self._record.room, self._moment(received, now, draws, papers))
            except DrawNeeded as needed:
                draws[needed.kind] = _shuffled(needed.among)

    def _moment(
        self,
        received: Received,
        now: Millis,
        draws: Mapping[DrawKind, tuple[str, ...]],
        papers: Papers | None = None,
    ) -> Moment:
        certificate, named_certificate = self._certificates(received, now)
        return Moment(
            now=now,
            size=self._record.size,
            root_at=self._record.root_at,
            last_n=self._record.ledger.last_n(received.key),
            certificate=certificate,
            named_certificate=named_certificate,
            document_key=document_key_of(received.command),
            papers=papers,
            draws=draws,
        )

    def _certificates(self, received: Received, at: Millis) -> tuple[bytes, bytes | None]:
        """What the seat's venue certifies for a command, and what of it names a person whom the room does not."""
        alias, command = received.envelope.by, received.command
        match command:
            case EnrolSeat():
                venue = present_seat(alias, self._record.room).venue
                return self._around.certify(self._record.room_id, venue, alias, command.spki, at), None
            case EnrolDocumentKey():
                present_seat(alias, self._record.room)
                name = self._record.room.people[alias].name
                of_person = self._around.certify_document(self._record.room, alias, command.spki, name, at)
                if not self._record.room.signs_under_aliases:
                    return of_person, None
                return self._around.certify_document(self._record.room, alias, command.spki, alias, at), of_person
            case _:
                return b"", None


def _shuffled(among: Iterable[str]) -> tuple[str, ...]:
    """The choices in an order drawn by the system's source of randomness."""
    order = list(among)
    secrets.SystemRandom().shuffle(order)
    return tuple(order)
