from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.evidence.checkpoints import sign_checkpoint
from server.evidence.cosignatures import cosigned_at
from server.evidence.errors import BadNoteSignature
from server.evidence.merkle import EMPTY_HEAD
from server.evidence.notes import Note, NoteSigner, SignatureType, parse_note, parse_verifier_key
from server.evidence.strict_text import MAX_NUMBER
from tests.evidence.keys import LOG, cosigner, ed25519_spki, openssl_accepts, private_key

YI = cosigner("yi")
NOTE = sign_checkpoint(EMPTY_HEAD, LOG)
AT_S = 1679315147


def cosigned(*times: int) -> Note:
    return NOTE.with_signatures(YI.cosign(NOTE.text, at_s) for at_s in times)


@given(st.integers(1, MAX_NUMBER))
def test_cosignature_tells_its_time(at_s: int) -> None:
    note = parse_note(cosigned(at_s).to_bytes())

    assert cosigned_at(note, parse_verifier_key(YI.key.vkey, SignatureType.COSIGNATURE_V1)) == at_s


def test_cosignature_is_the_bytes_of_the_standard(tmp_path: Path) -> None:
    raw = YI.cosign(NOTE.text, AT_S).signature

    message = b"cosignature/v1\ntime 1679315147\n" + NOTE.text.encode()
    assert raw[:8] == bytes.fromhex("00000000641850cb")  # the time in the example of c2sp.org/tlog-cosignature
    assert openssl_accepts(tmp_path, ed25519_spki(YI.key.public_key), message, raw[8:])
    assert not openssl_accepts(tmp_path, ed25519_spki(YI.key.public_key), message[1:], raw[8:])


def test_earliest_of_several_times_counts() -> None:
    assert cosigned_at(cosigned(AT_S + 5, AT_S, AT_S + 9), YI.key) == AT_S


def test_no_line_is_no_time() -> None:
    assert cosigned_at(NOTE, YI.key) is None
    assert cosigned_at(cosigned(AT_S), cosigner("bing").key) is None


def test_time_cannot_be_changed() -> None:
    raw = YI.cosign(NOTE.text, AT_S).signature
    moved = YI.key.signature((AT_S + 1).to_bytes(8) + raw[8:])

    with pytest.raises(BadNoteSignature, match=r"yi\.example"):
        cosigned_at(NOTE.with_signatures([moved]), YI.key)


@pytest.mark.parametrize("at_s", [0, MAX_NUMBER + 1])
def test_time_outside_its_range_is_false_even_if_signed(at_s: int) -> None:
    message = f"cosignature/v1\ntime {at_s}\n{NOTE.text}".encode()
    signed = YI.key.signature(at_s.to_bytes(8) + private_key("yi").sign(message))

    with pytest.raises(BadNoteSignature):
        cosigned_at(NOTE.with_signatures([signed]), YI.key)


@pytest.mark.parametrize("raw", [b"", bytes(7), bytes(8), AT_S.to_bytes(8), AT_S.to_bytes(8) + bytes(65)])
def test_cosignature_of_another_length_is_false(raw: bytes) -> None:
    with pytest.raises(BadNoteSignature):
        cosigned_at(NOTE.with_signatures([YI.key.signature(raw)]), YI.key)


def test_last_time_is_a_time() -> None:
    assert cosigned_at(cosigned(MAX_NUMBER), YI.key) == MAX_NUMBER


@pytest.mark.parametrize("at_s", [-1, 0, MAX_NUMBER + 1])
def test_cosigning_without_a_time_is_a_bug(at_s: int) -> None:
    with pytest.raises(ValueError, match="no time to cosign at"):
        YI.cosign(NOTE.text, at_s)


def test_log_signature_with_the_same_key_is_no_cosignature() -> None:
    both = NoteSigner(YI.key.name, private_key("yi"))

    note = NOTE.with_signatures([both.sign(NOTE.text)])

    assert both.key.key_id != YI.key.key_id
    assert cosigned_at(note, YI.key) is None
