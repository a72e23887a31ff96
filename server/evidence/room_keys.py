"""Who must have signed the heads of a room: its log, and enough of its witnesses, as its first event names them."""

import msgspec

from server.domain.events import RoomOpened
from server.evidence.errors import MalformedText
from server.evidence.notes import SignatureType, VerifierKey, parse_verifier_key


class RoomKeys(msgspec.Struct, kw_only=True, frozen=True):
    """The keys of a room's log and witnesses.

    Raises:
        MalformedText: a key stands twice, or the quorum is out of reach or none.
    """

    log: VerifierKey
    witnesses: tuple[VerifierKey, ...]
    quorum: int
    "How many witnesses must cosign: 1 to their number, 0 where there are none."

    def __post_init__(self) -> None:
        known = {key.public_key for key in (self.log, *self.witnesses)}
        if len(known) <= len(self.witnesses):
            raise _malformed("one stands twice")
        if not min(1, len(self.witnesses)) <= self.quorum <= len(self.witnesses):
            raise _malformed(f"{self.quorum} of {len(self.witnesses)} witnesses is no quorum")


def keys_of(opening: RoomOpened) -> RoomKeys:
    """The keys that a room's first event names.

    Raises:
        MalformedText: one of them is no key, stands twice, or the quorum is out of reach or none.
    """
    log = parse_verifier_key(opening.log_key, SignatureType.ED25519)
    witnesses = (parse_verifier_key(vkey, SignatureType.COSIGNATURE_V1) for vkey in opening.witnesses)
    return RoomKeys(log=log, witnesses=tuple(witnesses), quorum=opening.quorum)


def _malformed(why: str) -> MalformedText:
    return MalformedText(what="keys of the room", why=why)
