import io
import re

import av

from signaling.scripted.clip import SOUNDS_PER_SECOND
from signaling.scripted.tone import LOUDNESS, NOTE_S, PITCHES_HZ, tone_packets
from tests.support.client_pages import CLIENT
from tests.support.tones import RATE, holds_tone, notes


def decoded(packets: tuple[bytes, ...]) -> list[float]:
    decoder = av.AudioCodecContext.create("libopus", "r")
    decoder.sample_rate, decoder.layout = 48_000, "mono"
    resampler = av.AudioResampler("flt", "mono", RATE)
    frames = [frame for packet in packets for frame in decoder.decode(av.Packet(packet))]
    sound = io.BytesIO()
    for frame in frames:
        for part in resampler.resample(frame):
            sound.write(bytes(part.planes[0])[: 4 * part.samples])
    return list(memoryview(sound.getvalue()).cast("f"))


def test_tone_is_heard_note_by_note_in_its_packets() -> None:
    packets = tone_packets()
    samples = decoded(packets)

    assert len(packets) == round(len(PITCHES_HZ) * NOTE_S * SOUNDS_PER_SECOND) + 1  # the encoder's last one runs over
    assert [pitch for pitch, _ in notes(samples)] == list(PITCHES_HZ)
    assert holds_tone(samples)
    assert not holds_tone(samples[: len(samples) // 2])


def test_tone_is_that_of_the_client() -> None:
    source = (CLIENT / "src" / "media" / "talkTone.ts").read_text()

    assert re.findall(r"const (PITCHES|LENGTH_S|LOUDNESS) = (.*);", source) == [
        ("PITCHES", str(list(PITCHES_HZ))),
        ("LENGTH_S", str(NOTE_S)),
        ("LOUDNESS", str(LOUDNESS)),
    ]
