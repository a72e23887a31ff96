"""Whom to believe: a subset of the C2SP policy file, with one log and one group of which `k` witnesses must cosign.

    log <vkey>
    witness <name> <vkey>
    group <name> <k | all | any> <witness>...
    quorum <group | none>

Empty lines and lines that begin with # are skipped. Left out of the standard: several logs, groups in groups, a single
witness as quorum, and URLs, which are an operator's setting and no matter of trust.
Source: https://github.com/C2SP/C2SP/blob/main/tlog-policy.md
"""

import re
from collections.abc import Iterable, Mapping

import msgspec

from server.evidence.checkpoints import Checkpoint, parse_checkpoint
from server.evidence.cosignatures import cosigned_at
from server.evidence.errors import BadNoteSignature, MalformedText
from server.evidence.notes import Note, SignatureType, VerifierKey, is_signed_by, parse_verifier_key
from server.evidence.strict_text import from_decimal

NO_GROUP = "none"
"The quorum of a policy that asks for no witness."

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_BLANKS = re.compile(r"[ \t]+")


class Policy(msgspec.Struct, kw_only=True, frozen=True):
    """Which log, which witnesses, and how many of them.

    Raises:
        MalformedText: a key that stands twice, a member that is no witness, or a threshold out of reach.
    """

    log: VerifierKey
    witnesses: dict[str, VerifierKey]
    "By the name they have in this policy."
    group: str
    "The group's name, or `NO_GROUP`."
    members: tuple[str, ...]
    "Witnesses that count; the others may cosign all the same."
    threshold: int
    "How many members make the quorum: 1 to their number, 0 for `NO_GROUP`."

    def __post_init__(self) -> None:
        _check_keys([self.log, *self.witnesses.values()])
        _check_group(self.group, self.members, self.threshold, self.witnesses)

    def to_bytes(self) -> bytes:
        """The policy file."""
        lines = [f"log {self.log.vkey}"]
        lines += [f"witness {name} {key.vkey}" for name, key in self.witnesses.items()]
        if self.group != NO_GROUP:
            lines.append(" ".join(["group", self.group, str(self.threshold), *self.members]))
        lines.append(f"quorum {self.group}")
        return "".join(f"{line}\n" for line in lines).encode()


class Quorum(msgspec.Struct, kw_only=True, frozen=True):
    """What a policy finds in a checkpoint."""

    checkpoint: Checkpoint
    cosigned_at: dict[str, int]
    "Seconds since 1970-01-01 UTC, by witness; whoever is missing did not cosign."
    problems: tuple[str, ...]
    "Every reason against the checkpoint, in English."

    @property
    def is_reached(self) -> bool:
        """Whether the policy accepts the checkpoint."""
        return not self.problems


def quorum_of(note: Note, policy: Policy) -> Quorum:
    """Who signed and cosigned a checkpoint, and whether that satisfies the policy.

    Raises:
        MalformedText: the note is no checkpoint.
    """
    checkpoint = parse_checkpoint(note)
    problems = []
    if checkpoint.origin != policy.log.name:
        problems.append(f"the checkpoint is of {checkpoint.origin}, not of {policy.log.name}")
    try:
        if not is_signed_by(note, policy.log):
            problems.append("the log did not sign it")
    except BadNoteSignature as error:
        problems.append(str(error))
    times: dict[str, int] = {}
    for name, key in policy.witnesses.items():
        try:
            at_s = cosigned_at(note, key)
        except BadNoteSignature as error:
            problems.append(str(error))
            continue
        if at_s is not None:
            times[name] = at_s
    present = sum(member in times for member in policy.members)
    if present < policy.threshold:
        problems.append(f"{present} of {policy.threshold} needed witnesses cosigned it")
    return Quorum(checkpoint=checkpoint, cosigned_at=times, problems=tuple(problems))


def parse_policy(data: bytes) -> Policy:
    """A policy from its file.

    Raises:
        MalformedText: where and why the file is not such a policy; `what` holds the line number.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise _malformed("not UTF-8") from error
    if not text.endswith("\n"):
        raise _malformed("the last line has no line feed")
    draft = _Draft()
    for number, line in enumerate(text[:-1].split("\n"), start=1):
        try:
            draft.read(line)
        except MalformedText as error:
            raise MalformedText(what=f"policy, line {number}", why=f"{error.what}: {error.why}") from error
    return draft.finished()


class _Draft:
    """A policy as far as it has been read."""

    def __init__(self) -> None:
        self._log: VerifierKey | None = None
        self._witnesses: dict[str, VerifierKey] = {}
        self._group: tuple[str, tuple[str, ...], int] | None = None
        self._has_quorum = False

    def read(self, line: str) -> None:
        if _CONTROL.search(line):
            raise _malformed("a control character")
        match _BLANKS.split(line.strip(" \t")):
            case [first, *_] if not first or first.startswith("#"):
                pass
            case ["log", vkey] if self._log is None:
                self._log = self._new_key(vkey, SignatureType.ED25519)
            case ["witness", name, vkey]:
                self._demand_new_name(name)
                self._witnesses[name] = self._new_key(vkey, SignatureType.COSIGNATURE_V1)
            case ["group", name, threshold, *members] if not (self._group or self._has_quorum):
                self._read_group(name, threshold, tuple(members))
            case ["quorum", name] if not self._has_quorum and name == (self._group or (NO_GROUP,))[0]:
                self._has_quorum = True
            case _:
                raise _malformed("not a line of this format, or one too many, or out of order")

    def finished(self) -> Policy:
        if self._log is None or not self._has_quorum:
            raise _malformed("no log line or no quorum line")
        group, members, threshold = self._group or (NO_GROUP, (), 0)
        return Policy(log=self._log, witnesses=self._witnesses, group=group, members=members, threshold=threshold)

    def _read_group(self, name: str, threshold: str, members: tuple[str, ...]) -> None:
        self._demand_new_name(name)
        words = {"any": 1, "all": len(members)}
        count = words[threshold] if threshold in words else from_decimal(threshold)
        _check_group(name, members, count, self._witnesses)
        self._group = (name, members, count)

    def _new_key(self, vkey: str, signature_type: SignatureType) -> VerifierKey:
        key = parse_verifier_key(vkey, signature_type)
        known = [*self._witnesses.values(), *([self._log] if self._log else [])]
        _check_keys([*known, key])
        return key

    def _demand_new_name(self, name: str) -> None:
        taken = {NO_GROUP, *self._witnesses, *([self._group[0]] if self._group else [])}
        if name in taken:
            raise _malformed(f"the name {name} is taken")


def _check_keys(keys: Iterable[VerifierKey]) -> None:
    seen = set()
    for key in keys:
        if key.public_key in seen:
            raise _malformed(f"the key of {key.name} stands twice")
        seen.add(key.public_key)


def _check_group(name: str, members: tuple[str, ...], threshold: int, witnesses: Mapping[str, VerifierKey]) -> None:
    if name == NO_GROUP:
        if members or threshold:
            raise _malformed("a quorum of none has no members")
        return
    if len(set(members)) != len(members) or not set(members) <= witnesses.keys():
        raise _malformed("a member stands twice or is no witness")
    if not 1 <= threshold <= len(members):
        raise _malformed(f"{threshold} of {len(members)} members is no quorum")


def _malformed(why: str) -> MalformedText:
    return MalformedText(what="policy", why=why)
