import msgspec
import pytest

from server.evidence.checkpoints import Checkpoint, sign_checkpoint
from server.evidence.cosignatures import Cosigner
from server.evidence.errors import MalformedText
from server.evidence.merkle import EMPTY_HEAD, EMPTY_ROOT, Head
from server.evidence.notes import Note, NoteSigner
from server.evidence.policy import NO_GROUP, Policy, Quorum, parse_policy, quorum_of
from tests.evidence.keys import LOG, ORIGIN, OTHER_LOG, cosigner, private_key

JIA, YI, BING, DING = (cosigner(venue) for venue in ("jia-host", "yi", "bing", "ding"))
POLICY = Policy(
    log=LOG.key,
    witnesses={"yi": YI.key, "bing": BING.key, "ding": DING.key},
    group="venues",
    members=("yi", "bing", "ding"),
    threshold=2,
)
TEXT = f"""log {LOG.key.vkey}
witness yi {YI.key.vkey}
witness bing {BING.key.vkey}
witness ding {DING.key.vkey}
group venues 2 yi bing ding
quorum venues
"""
LOG_LINE, YI_LINE, BING_LINE, DING_LINE, GROUP_LINE, QUORUM_LINE = TEXT.splitlines()
NOTE = sign_checkpoint(EMPTY_HEAD, LOG)
CHECKPOINT = Checkpoint(origin=ORIGIN, size=0, root=EMPTY_ROOT)
AT_S = 1_795_400_000


def cosigned(*cosigners: Cosigner, note: Note = NOTE) -> Note:
    return note.with_signatures(each.cosign(note.text, AT_S + i) for i, each in enumerate(cosigners))


def with_lines(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def test_policy_has_one_text() -> None:
    assert POLICY.to_bytes() == TEXT.encode()
    assert parse_policy(TEXT.encode()) == POLICY


def test_policy_without_witnesses_has_a_text() -> None:
    policy = Policy(log=LOG.key, witnesses={}, group=NO_GROUP, members=(), threshold=0)

    assert policy.to_bytes() == f"{LOG_LINE}\nquorum none\n".encode()
    assert parse_policy(policy.to_bytes()) == policy
    assert quorum_of(NOTE, policy).is_reached


def test_policy_may_be_commented_and_indented() -> None:
    spaced = f"# 评标\n\n \t\n\t{LOG_LINE.replace(' ', chr(9))} \n" + TEXT.partition("\n")[2] + "  # end\n"

    assert parse_policy(spaced.encode()) == POLICY


@pytest.mark.parametrize(("word", "threshold"), [("any", 1), ("all", 3), ("3", 3)])
def test_threshold_may_be_a_word(word: str, threshold: int) -> None:
    text = TEXT.replace("venues 2", f"venues {word}")

    assert parse_policy(text.encode()) == msgspec.structs.replace(POLICY, threshold=threshold)


def test_witness_outside_the_group_cosigns_but_does_not_count() -> None:
    witnesses = {"jia": JIA.key, **POLICY.witnesses}
    policy = msgspec.structs.replace(POLICY, witnesses=witnesses)

    quorum = quorum_of(cosigned(JIA, YI), parse_policy(policy.to_bytes()))

    problems = ("1 of 2 needed witnesses cosigned it",)
    assert quorum == Quorum(checkpoint=CHECKPOINT, cosigned_at={"jia": AT_S, "yi": AT_S + 1}, problems=problems)


def test_quorum_is_reached_by_enough_members() -> None:
    quorum = quorum_of(cosigned(DING, YI), POLICY)

    assert quorum == Quorum(checkpoint=CHECKPOINT, cosigned_at={"yi": AT_S + 1, "ding": AT_S}, problems=())
    assert quorum.is_reached


def test_one_witness_that_cosigns_twice_is_one() -> None:
    quorum = quorum_of(cosigned(YI, YI), POLICY)

    assert (quorum.cosigned_at, quorum.is_reached) == ({"yi": AT_S}, False)


def test_unknown_witness_does_not_count() -> None:
    quorum = quorum_of(cosigned(YI, cosigner("wu")), POLICY)

    assert (quorum.cosigned_at, quorum.is_reached) == ({"yi": AT_S}, False)


def test_forged_cosignature_spoils_the_checkpoint() -> None:
    note = cosigned(YI, DING).with_signatures([BING.key.signature(AT_S.to_bytes(8) + bytes(64))])

    quorum = quorum_of(note, POLICY)

    assert quorum.cosigned_at == {"yi": AT_S, "ding": AT_S + 1}
    assert quorum.problems == ("The signature of bing.example/witness does not verify.",)
    assert not quorum.is_reached


def test_every_problem_is_named() -> None:
    stranger = NoteSigner("yi.example/rooms/7", private_key("jia"))

    quorum = quorum_of(sign_checkpoint(EMPTY_HEAD, stranger), POLICY)

    assert quorum.problems == (
        f"the checkpoint is of yi.example/rooms/7, not of {ORIGIN}",
        "the log did not sign it",
        "0 of 2 needed witnesses cosigned it",
    )


def test_log_must_have_signed_with_the_key_of_the_policy() -> None:
    other = cosigned(YI, BING, note=sign_checkpoint(EMPTY_HEAD, OTHER_LOG))
    forged = cosigned(YI, BING, note=Note(text=NOTE.text, signatures=(LOG.key.signature(bytes(64)),)))

    assert quorum_of(other, POLICY).problems == ("the log did not sign it",)
    assert quorum_of(forged, POLICY).problems == (f"The signature of {ORIGIN} does not verify.",)


def test_cosignatures_of_another_head_do_not_count() -> None:
    other = sign_checkpoint(Head(size=1, root=bytes(32)), LOG)

    note = other.with_signatures(cosigned(YI, BING).signatures[1:])

    assert quorum_of(note, POLICY).cosigned_at == {}
    assert not quorum_of(note, POLICY).is_reached


def test_note_that_is_no_checkpoint_is_refused() -> None:
    with pytest.raises(MalformedText, match="three lines"):
        quorum_of(Note(text="hello\n", signatures=()), POLICY)


ALL = (LOG_LINE, YI_LINE, BING_LINE, DING_LINE, GROUP_LINE, QUORUM_LINE)
SAME_KEY = f"witness yi2 {Cosigner('yi2.example', private_key('yi')).key.vkey}"
HOST_KEY = f"witness host {Cosigner('host.example', private_key('jia')).key.vkey}"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "Malformed policy: the last line has no line feed"),
        (TEXT[:-1].encode(), "Malformed policy: the last line has no line feed"),
        (b"# \xff\n", "Malformed policy: not UTF-8"),
        (with_lines(), "Malformed policy: the last line"),
        (with_lines("# nothing"), "Malformed policy: no log line or no quorum line"),
        (with_lines(*ALL[1:]), "Malformed policy: no log line"),
        (with_lines(*ALL[:-1]), "Malformed policy: no log line or no quorum line"),
        (with_lines(*ALL, "hello"), r"policy, line 7: policy: not a line of this format"),
        (with_lines(*ALL, QUORUM_LINE), r"line 7: .* one too many"),
        (with_lines(LOG_LINE, *ALL), r"line 2: .* one too many"),
        (with_lines(*ALL[:5], GROUP_LINE, QUORUM_LINE), r"line 6: .* one too many"),
        (with_lines(LOG_LINE + " https://jia.example"), r"line 1: .* not a line"),
        (with_lines(LOG_LINE + "\r"), r"line 1: policy: a control character"),
        (with_lines(LOG_LINE.replace(" ", "\u3000")), r"line 1: .* not a line"),
        (with_lines(LOG_LINE[:-4]), r"line 1: verifier key: an Ed25519 key has 32 bytes"),
        (with_lines("log " + YI.key.vkey), r"line 1: verifier key: not of signature type 0x01"),
        (with_lines(LOG_LINE, "witness yi " + LOG.key.vkey), r"line 2: verifier key: not of signature type 0x04"),
        (with_lines(LOG_LINE, YI_LINE, YI_LINE), r"line 3: policy: the name yi is taken"),
        (with_lines(LOG_LINE, YI_LINE.replace("yi", "none", 1)), r"line 2: policy: the name none is taken"),
        (with_lines(*ALL[:4], "group yi 1 bing"), r"line 5: policy: the name yi is taken"),
        (with_lines(*ALL, YI_LINE.replace("yi", "venues", 1)), r"line 7: policy: the name venues is taken"),
        (with_lines(LOG_LINE, YI_LINE, SAME_KEY), r"line 3: policy: the key of yi2.example stands twice"),
        (with_lines(LOG_LINE, HOST_KEY), r"line 2: policy: the key of host.example stands twice"),
        (with_lines(HOST_KEY, LOG_LINE), f"line 2: policy: the key of {ORIGIN} stands twice"),
        (with_lines(*ALL[:4], "group venues 0 yi"), r"line 5: policy: 0 of 1 members is no quorum"),
        (with_lines(*ALL[:4], "group venues 4 yi bing ding"), r"line 5: policy: 4 of 3"),
        (with_lines(*ALL[:4], "group venues any"), r"line 5: policy: 1 of 0"),
        (with_lines(*ALL[:4], "group venues 02 yi bing"), r"line 5: number: .* leading zeros"),
        (with_lines(*ALL[:4], "group venues most yi bing"), r"line 5: number: "),
        (with_lines(*ALL[:4], "group venues 2 yi yi"), r"line 5: policy: a member stands twice"),
        (with_lines(*ALL[:4], "group venues 2 yi wu"), r"line 5: policy: a member stands twice or is no witness"),
        (with_lines(*ALL[:3], GROUP_LINE, DING_LINE, QUORUM_LINE), r"line 4: .* is no witness"),
        (with_lines(*ALL[:4], QUORUM_LINE, GROUP_LINE), r"line 5: .* out of order"),
        (with_lines(*ALL[:4], "quorum none", GROUP_LINE), r"line 6: .* out of order"),
        (with_lines(*ALL[:5], "quorum none"), r"line 6: .* out of order"),
        (with_lines(*ALL[:5], "quorum yi"), r"line 6: .* out of order"),
    ],
)
def test_parse_policy_refuses_and_says_where(data: bytes, message: str) -> None:
    with pytest.raises(MalformedText, match=message):
        parse_policy(data)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"threshold": 0}, "0 of 3"),
        ({"threshold": 4}, "4 of 3"),
        ({"members": ("yi", "wu")}, "no witness"),
        ({"group": NO_GROUP}, "no members"),
        ({"group": NO_GROUP, "members": ()}, "no members"),
        ({"witnesses": {"yi": YI.key, "bing": YI.key, "ding": DING.key}}, "stands twice"),
    ],
)
def test_policy_cannot_be_made_without_a_sound_quorum(change: dict[str, object], why: str) -> None:
    fields = msgspec.structs.asdict(POLICY) | change

    with pytest.raises(MalformedText, match=why):
        Policy(**fields)
