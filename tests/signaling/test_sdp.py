import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.sdp import MAX_SDP_CHARACTERS, BadSdp, Description, Section, read

TEXT = "\r\n".join(
    [
        "v=0",
        "o=- 1 1 IN IP4 0.0.0.0",
        "a=setup:active",
        "m=audio 9 UDP/TLS/RTP/SAVPF 111 0",
        "a=sendonly",
        "a=ssrc:5 cname:x",
        "a=ssrc:5 msid:a b",
        "a=fingerprint:sha-256 AA",
        "",
    ]
)


def test_text_is_read_into_sections() -> None:
    assert read(TEXT) == Description(
        attributes=(("setup", "active"),),
        sections=(
            Section(
                kind="audio",
                port=9,
                payload_types=(111, 0),
                formats=("111", "0"),
                attributes=(
                    ("sendonly", ""),
                    ("ssrc", "5 cname:x"),
                    ("ssrc", "5 msid:a b"),
                    ("fingerprint", "sha-256 AA"),
                ),
            ),
        ),
    )


def test_attributes_are_found_in_session_and_section() -> None:
    description = read(TEXT)
    (section,) = description.sections

    assert (section.first("ssrc"), section.first("mid")) == ("5 cname:x", None)
    assert section.every("ssrc") == ["5 cname:x", "5 msid:a b"]
    assert [description.inherited(name) for name in ("setup", "fingerprint", "mid")] == ["active", "sha-256 AA", None]


@pytest.mark.parametrize(
    "text",
    ["", "hello", "v=0\r\nnonsense", "v=0\nm=audio", "v=0\nm=audio x UDP 1", "v=0" + "x" * MAX_SDP_CHARACTERS],
)
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(BadSdp):
        read(text)


@given(st.text(max_size=80).map(lambda tail: "v=0\nm=" + tail))
def test_any_text_is_a_description_or_refused(text: str) -> None:
    try:
        assert read(text).sections
    except BadSdp:
        return
