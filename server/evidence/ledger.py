"""Which commands stand in a log: a key and its `n` are a command's id, the digest tells whether it is the same one."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from server.domain.commands import parse_command
from server.domain.ids import Digest, Seq
from server.domain.lines import Line
from server.domain.moment import Received
from server.domain.plan import SignedCommand
from server.domain.rejections import CommandIdReused
from server.evidence.command_signatures import command_digest


class Answer(Struct, frozen=True, kw_only=True):
    """Where an accepted command's events stand."""

    digest: Digest
    first: Seq
    last: Seq


class Ledger:
    """The accepted commands of one room, in the order of its lines."""

    def __init__(self) -> None:
        self._answers: dict[tuple[Digest, int], Answer] = {}
        self._last_n: dict[Digest, int] = {}

    def take(self, entry: Sequence[Line]) -> None:
        """Note the command of one entry: all the lines it caused."""
        signed = next((line.head.signed for line in entry if line.head.signed), None)
        if signed is None:
            return
        envelope, _ = parse_command(signed.text)
        digest = command_digest(signed.text)
        self._answers[signed.key, envelope.n] = Answer(digest=digest, first=entry[0].seq, last=entry[-1].seq)
        self._last_n[signed.key] = envelope.n

    def last_n(self, key: Digest) -> int:
        """The highest `n` accepted from a key; 0 for none."""
        return self._last_n.get(key, 0)

    def earlier_answer(self, received: Received, signed: SignedCommand) -> Answer | None:
        """The answer this very command had before; none if it is new.

        Raises:
            CommandIdReused: another command had this key and `n`.
        """
        answer = self._answers.get((signed.key, received.envelope.n))
        if answer is not None and answer.digest != command_digest(signed.text):
            raise CommandIdReused(n=received.envelope.n)
        return answer


def entries_of(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """The lines grouped as they were written: one a command, one for the opening, one for what the server noted."""
    entry: list[Line] = []
    for line in lines:
        first = entry[0].head if entry else line.head
        if line.head.cause != first.cause or (first.cause is None and line.head.at != first.at):
            yield entry
            entry = []
        entry.append(line)
    if entry:
        yield entry
