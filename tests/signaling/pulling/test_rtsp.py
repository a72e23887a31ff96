import base64
import hashlib
import random

import pytest

from signaling.pulling.rtsp import Incoming, Login, NotRtsp, Packet, Reply, joined, request

URL = "rtsp://10.0.0.5:554/live"
CHALLENGE = 'Digest realm="IP Camera", nonce="abc", opaque="o1"'


def hashed(text: str, algorithm: str = "md5") -> str:
    return hashlib.new(algorithm, text.encode()).hexdigest()


def refused(*challenges: str) -> Reply:
    headers = tuple(("www-authenticate", each) for each in challenges)
    return Reply(status=401, number=1, headers=headers, body="")


def test_request_is_plain_text() -> None:
    assert request("DESCRIBE", URL, 3, {"Accept": "application/sdp"}) == (
        b"DESCRIBE rtsp://10.0.0.5:554/live RTSP/1.0\r\nCSeq: 3\r\nUser-Agent: Lianping\r\n"
        b"Accept: application/sdp\r\n\r\n"
    )


def test_replies_and_packets_are_told_apart_however_they_are_cut() -> None:
    text = b"RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 5\r\n\r\nv=0\r\n"
    stream = b"$\x00\x00\x03one" + text + b"$\x02\x00\x03two" + b"\r\nOPTIONS * RTSP/1.0\r\nCSeq: 9\r\n\r\n"
    wanted = [
        Packet(0, b"one"),
        Reply(status=200, number=2, headers=(("cseq", "2"), ("content-length", "5")), body="v=0\r\n"),
        Packet(2, b"two"),
        Reply(status=0, number=9, headers=(("cseq", "9"),), body=""),
    ]

    for size in (1, 2, 7, len(stream)):
        incoming = Incoming()
        cuts = [stream[at : at + size] for at in range(0, len(stream), size)]
        assert [each for cut in cuts for each in incoming.feed(cut)] == wanted


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"RTSP/1.0 2x0 OK\r\n\r\n",
        b"RTSP/1.0 200 OK\r\nContent-Length: 99999999\r\n\r\n",
        b"RTSP/1.0 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"RTSP/1.0 200 OK\r\nCSeq: one\r\n\r\n",
        b"R" * 20_000,
        b" \r\n\r\n",
    ],
)
def test_nonsense_is_told(data: bytes) -> None:
    with pytest.raises(NotRtsp):
        list(Incoming().feed(data))


def test_nonsense_of_any_kind_is_no_other_mistake() -> None:
    draw = random.Random(7)
    words = [b"RTSP/1.0 ", b"200", b" OK", b"\r\n", b"\r\n\r\n", b"$\x00", b"CSeq: ", b"Content-Length: 3", b" ", b":"]

    for _ in range(3000):
        data = b"".join(draw.choice([*words, draw.randbytes(3)]) for _ in range(draw.randrange(12)))
        try:
            list(Incoming().feed(data))
        except NotRtsp:
            continue


def test_digest_is_that_of_the_standard() -> None:
    login = Login("admin", "s3cret")
    assert login.headers("DESCRIBE", URL, "n") == {}

    assert login.heard(refused('Basic realm="IP Camera"', CHALLENGE))

    proof = login.headers("DESCRIBE", URL, "n")["Authorization"]
    wanted = hashed(f"{hashed('admin:IP Camera:s3cret')}:abc:{hashed(f'DESCRIBE:{URL}')}")
    assert f'response="{wanted}"' in proof
    assert 'opaque="o1"' in proof
    assert "s3cret" not in proof


def test_digest_with_a_count_and_a_newer_hash_is_preferred() -> None:
    login = Login("admin", "s3cret")

    login.heard(refused(CHALLENGE, 'Digest realm="r", nonce="x", qop="auth,auth-int", algorithm=SHA-256'))

    proofs = [login.headers("PLAY", URL, "n")["Authorization"] for _ in range(2)]
    secret, about = hashed("admin:r:s3cret", "sha256"), hashed(f"PLAY:{URL}", "sha256")
    for count, proof in enumerate(proofs, start=1):
        wanted = hashed(f"{secret}:x:{count:08x}:n:auth:{about}", "sha256")
        assert f'response="{wanted}"' in proof
        assert proof.endswith(f'qop=auth, nc={count:08x}, cnonce="n", algorithm=SHA-256')


def test_basic_is_used_where_there_is_nothing_else() -> None:
    login = Login("admin", "密码")

    assert login.heard(refused('Basic realm="x"'))

    word = login.headers("PLAY", URL, "n")["Authorization"].removeprefix("Basic ")
    assert base64.b64decode(word).decode() == "admin:密码"


def test_refused_password_is_not_shown_again_unless_the_word_was_old() -> None:
    login = Login("admin", "s3cret")

    assert [login.heard(refused(CHALLENGE)), login.heard(refused(CHALLENGE))] == [True, False]
    assert login.heard(refused(CHALLENGE + ", stale=TRUE"))
    assert not Login("", "").heard(refused(CHALLENGE))
    assert not Login("admin", "x").heard(refused("Negotiate"))


def test_names_of_tracks_are_joined() -> None:
    assert joined(URL, "*") == URL
    assert joined(f"{URL}/", "trackID=1") == f"{URL}/trackID=1"
    assert joined(URL, "rtsp://10.0.0.9/a") == "rtsp://10.0.0.9/a"
