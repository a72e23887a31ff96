import base64

import pytest

from signaling.pulling.description import NoPicture, NotH264, OfferedTrack, read_description
from signaling.pulling.rtsp import NotRtsp

BASE = "rtsp://10.0.0.5/live/"
SETS = b"\x67\x42\x00\x1f", b"\x68\xce\x3c\x80"
_SETS = ",".join(base64.b64encode(each).decode() for each in SETS)
PICTURE = (
    "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:trackID=1\r\n"
    f"a=fmtp:96 profile-level-id=42001f; sprop-parameter-sets={_SETS}\r\n"
)
HEAD = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=x\r\n"


def test_picture_and_sound_are_taken() -> None:
    offer = read_description(HEAD + PICTURE + "m=audio 0 RTP/AVP 8\r\na=control:trackID=2\r\n\r\n", BASE)

    assert offer.picture == OfferedTrack(url=f"{BASE}trackID=1", payload_type=96)
    assert offer.parameters == SETS
    assert offer.sound == OfferedTrack(url=f"{BASE}trackID=2", payload_type=8)
    assert (offer.whole, offer.sound_codec, offer.sound_state) == (BASE, "pcm_alaw", "sent")


def test_sound_that_cannot_be_taken_is_left() -> None:
    without = read_description(HEAD + PICTURE, BASE)
    aac = read_description(HEAD + PICTURE + "m=audio 0 RTP/AVP 97\r\na=rtpmap:97 MPEG4-GENERIC/16000/1\r\n", BASE)
    law = read_description(HEAD + PICTURE + "m=audio 0 RTP/AVP 97\r\na=rtpmap:97 pcmu/8000/1\r\n", BASE)

    assert (without.sound, without.sound_state) == (None, "none")
    assert (aac.sound, aac.sound_state) == (None, "unsupported")
    assert (law.sound_codec, law.sound_state) == ("pcm_mulaw", "sent")


def test_other_codecs_are_named() -> None:
    with pytest.raises(NotH264, match="H265"):
        read_description(HEAD + PICTURE.replace("H264", "H265"), BASE)
    with pytest.raises(NotH264, match="JPEG"):
        read_description(HEAD + "m=video 0 RTP/AVP 26\r\n", BASE)
    with pytest.raises(NoPicture):
        read_description(HEAD, BASE)
    with pytest.raises(NotRtsp):
        read_description("<html>", BASE)


def test_broken_parameter_sets_are_left() -> None:
    assert read_description(HEAD + PICTURE.replace("sets=", "sets=,%%%%,"), BASE).parameters == SETS
    assert read_description(HEAD + PICTURE.replace("sets=", "sets=A,"), BASE).parameters == ()
