from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription

from signaling.pulling.pictures import CameraPicture
from signaling.pulling.sending import MOST_WAITING, Sending, Waiting, at_home
from tests.support.encoder import encoded
from tests.support.patience import until

OFFER = (
    "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=candidate:x 1 udp 2130706431 10.1.2.3 40000 typ host\r\n"
    "a=candidate:y 1 udp 2130706175 fd00::2 40001 typ host\r\n"
)
ANSWER = (
    "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=candidate:1 1 udp 2130706430 203.0.113.9 8444 typ host\r\n"
    "a=end-of-candidates\r\n"
)


def test_answer_leads_home_too() -> None:
    assert at_home(ANSWER, OFFER).split("\r\n")[2:] == [
        "a=candidate:1 1 udp 2130706430 203.0.113.9 8444 typ host",
        "a=candidate:2 1 udp 2130706429 10.1.2.3 8444 typ host",
        "a=candidate:3 1 udp 2130706428 fd00::2 8444 typ host",
        "a=end-of-candidates",
        "",
    ]


async def test_pictures_go_as_they_are_from_a_key_frame_on() -> None:
    sending, other = Sending(has_sound=False), RTCPeerConnection()
    received: list[MediaStreamTrack] = []
    other.on("track", received.append)
    await other.setRemoteDescription(RTCSessionDescription(sdp=await sending.offer(), type="offer"))
    assert "H264" in other.remoteDescription.sdp
    assert "VP8" not in other.remoteDescription.sdp
    await other.setLocalDescription(await other.createAnswer())
    answer = other.localDescription.sdp
    await sending._connection.setRemoteDescription(RTCSessionDescription(sdp=answer, type="answer"))
    await sending.connected()
    key, *later = [
        CameraPicture(data=b"".join(b"\0\0\0\1" + unit for unit in units), at=3000 * at, is_key=at == 0)
        for at, units in enumerate(encoded(320, 192, frames=5))
    ]

    sending.send_picture(later[0])
    for picture in (key, *later):
        sending.send_picture(picture)

    frames = [await received[0].recv() for _ in range(3)]
    assert [getattr(frame, "width", 0) for frame in frames] == [320] * 3
    await sending.close()
    await until(lambda: sending.is_lost)
    await other.close()


def test_what_nobody_takes_is_dropped() -> None:
    waiting = Waiting("video")
    given = [waiting.put(number) for number in range(MOST_WAITING + 1)]  # type: ignore[arg-type] # any object will do

    assert given == [True] * MOST_WAITING + [False]
