import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.evidence.checkpoints import Checkpoint, parse_checkpoint, sign_checkpoint
from server.evidence.errors import MalformedText
from server.evidence.merkle import Head
from server.evidence.notes import Note, is_signed_by, parse_note
from server.evidence.strict_text import MAX_NUMBER, from_base64, to_base64
from tests.evidence.keys import LOG, ORIGIN

EXAMPLE = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
).encode()
"Source: c2sp.org/tlog-checkpoint, the checkpoint at its head."
ROOT = to_base64(bytes(32))


def test_example_checkpoint_parses() -> None:
    note = parse_note(EXAMPLE)

    checkpoint = parse_checkpoint(note)

    root = from_base64("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
    assert checkpoint == Checkpoint(origin="example.com/behind-the-sofa", size=20852163, root=root)
    assert checkpoint.text == note.text


@given(st.integers(0, MAX_NUMBER), st.binary(min_size=32, max_size=32))
def test_signed_checkpoint_says_the_head_under_the_name_of_the_key(size: int, root: bytes) -> None:
    head = Head(size=size, root=root)

    note = parse_note(sign_checkpoint(head, LOG).to_bytes())

    checkpoint = parse_checkpoint(note)
    assert (checkpoint.origin, checkpoint.head) == (ORIGIN, head)
    assert is_signed_by(note, LOG.key)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"\n1\n{ROOT}\n", "three lines"),
        (f"log\n1\n{ROOT}\nextension\n", "three lines"),
        (f"log\n1\n{ROOT}\n\n", "three lines"),
        ("log\n1\n", "three lines"),
        (f"log\n01\n{ROOT}\n", "leading zeros"),
        (f"log\n-1\n{ROOT}\n", "leading zeros"),
        (f"log\n\n{ROOT}\n", "leading zeros"),
        (f"log\n{2**63}\n{ROOT}\n", "leading zeros"),
        (f"log\n1\n{ROOT[:-1]}\n", "base64"),
        (f"log\n1\n{ROOT} \n", "base64"),
        ("log\n1\n\n", "32 bytes"),
        (f"log\n1\n{to_base64(bytes(33))}\n", "32 bytes"),
    ],
)
def test_parse_checkpoint_refuses(text: str, why: str) -> None:
    with pytest.raises(MalformedText, match=why):
        parse_checkpoint(Note(text=text, signatures=()))
