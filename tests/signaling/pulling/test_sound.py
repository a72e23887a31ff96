import av

from signaling.pulling.sound import Sound
from signaling.rtp import RtpPacket, parse


def packet(stamp: int, payload: bytes) -> RtpPacket:
    return parse(bytes([0x80, 8, 0, 1]) + (stamp % (1 << 32)).to_bytes(4) + b"\0\0\0\1" + payload)


def first(frame: av.AudioFrame) -> int:
    return int.from_bytes(bytes(frame.planes[0])[:2], "little", signed=True)


def test_both_laws_are_decoded() -> None:
    [quiet] = Sound("pcm_alaw").take(packet(0, bytes([0xD5] * 160)))
    [loud] = Sound("pcm_mulaw").take(packet(0, bytes([0x00] * 160)))

    assert (quiet.samples, quiet.sample_rate, quiet.format.name, quiet.layout.name) == (160, 8000, "s16", "mono")
    assert abs(first(quiet)) < 10
    assert first(loud) < -30_000


def test_holes_are_kept_and_leaps_are_not() -> None:
    sound, silence = Sound("pcm_alaw"), bytes([0xD5] * 160)
    stamps = (-160, 0, 320, 90_000_000, 90_000_160)

    times = [frame.pts for stamp in stamps for frame in sound.take(packet(stamp, silence))]

    assert times == [0, 160, 480, 640, 800]
    assert list(sound.take(packet(0, b""))) == []
