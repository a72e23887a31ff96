"""Writes the protected versions of the scripted seats' films: `python -m tests.support.make_protected_films`.

Each film is read, and goes through the client's own mosaic and voice in Node: what a scripted seat sends is what a page
with that camera and microphone would send. They are committed as they came out once.
"""

import subprocess
from array import array
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import av

from signaling.scripted.clip import MEDIA, PROTECTED, clips
from signaling.scripted.make_media import FRAMES_PER_SECOND, SECONDS, encode, packets_of_sound
from tests.support.client_pages import CLIENT

PRIVACY: Final = CLIENT / "src" / "media" / "privacy"
ENTRY: Final = f"""
export {{ HEIGHT, Mosaic, WIDTH }} from '{PRIVACY}/picture/mosaic.ts';
export {{ SENT_HEIGHT, SENT_WIDTH, paint }} from '{PRIVACY}/picture/painting.ts';
export {{ drawDisguise }} from '{PRIVACY}/voice/disguise.ts';
export {{ VOICE_BLOCK, VOICE_RATE, VoiceMask }} from '{PRIVACY}/voice/voiceMask.ts';
"""
MASK: Final = """
import { readFileSync, writeFileSync } from 'node:fs';
import * as m from './entry.js';

let state = Number(process.argv[2]);
const random = () => (state = (1103515245 * state + 12345) % 2 ** 31) / 2 ** 31;

const pictures = new Uint8ClampedArray(readFileSync('pictures'));
const size = 4 * m.WIDTH * m.HEIGHT;
const mosaic = new m.Mosaic();
const painted = [];
for (let at = 0; at < pictures.length; at += size) {
  painted.push(Buffer.from(m.paint(mosaic.next(pictures.subarray(at, at + size)))));
}
writeFileSync('painted', Buffer.concat(painted));

const own = new Float32Array(readFileSync('sound').buffer);
const voice = new m.VoiceMask(m.drawDisguise(random), random);
const other = new Float32Array(own.length);
for (let at = 0; at < own.length; at += m.VOICE_BLOCK) {
  voice.process(own.subarray(at, at + m.VOICE_BLOCK), other.subarray(at, at + m.VOICE_BLOCK));
}
writeFileSync('said', Buffer.from(other.buffer));
"""
SMALL: Final = (160, 90)
SENT: Final = (320, 180)
VOICE_RATE: Final = 16_000
"As the client has them."


def main() -> None:
    """Write all of them."""
    (MEDIA / PROTECTED).mkdir(exist_ok=True)
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "entry.ts").write_text(ENTRY)
        (folder / "mask.mjs").write_text(MASK)
        vite = CLIENT / "node_modules" / ".bin" / "vite"
        subprocess.run(
            [vite, "build", "--ssr", folder / "entry.ts", "--outDir", folder, "--emptyOutDir", "false"],
            check=True,
            cwd=CLIENT,
        )
        for number, film in enumerate(clips(), 1):
            protect(film, folder, number)


def protect(film: Path, folder: Path, number: int) -> None:
    """One film."""
    (folder / "pictures").write_bytes(b"".join(_pictures(film)))
    samples = VOICE_RATE * SECONDS
    (folder / "sound").write_bytes(b"".join(_sound(film))[: 4 * samples].ljust(4 * samples, b"\0"))
    subprocess.run(["node", "mask.mjs", str(number)], check=True, cwd=folder)
    painted, size = (folder / "painted").read_bytes(), 4 * SENT[0] * SENT[1]
    said = array("f", (folder / "said").read_bytes())
    spoken = array("h", (round(32_767 * sample) for sample in said)).tobytes()
    shown = (_frame(painted[at : at + size], at // size) for at in range(0, len(painted), size))
    encode(MEDIA / PROTECTED / film.name, shown, packets_of_sound(spoken, VOICE_RATE), size=SENT)


def _pictures(film: Path) -> Iterator[bytes]:
    """RGBA, as small as the client makes them."""
    with av.open(str(film)) as container:
        for frame in container.decode(video=0):
            yield _packed(frame.reformat(*SMALL, "rgba"))


def _packed(frame: av.VideoFrame) -> bytes:
    (plane,) = frame.planes
    data, row = bytes(plane), 4 * frame.width
    return b"".join(data[at : at + row] for at in range(0, plane.line_size * frame.height, plane.line_size))


def _sound(film: Path) -> Iterator[bytes]:
    """32-bit floats, mono."""
    resampler = av.AudioResampler("flt", "mono", VOICE_RATE)
    with av.open(str(film)) as container:
        for heard in (*container.decode(audio=0), None):
            for frame in resampler.resample(heard):
                yield bytes(frame.planes[0])[: 4 * frame.samples]


def _frame(pixels: bytes, number: int) -> av.VideoFrame:
    made = av.VideoFrame(*SENT, "rgba")
    (plane,) = made.planes
    row = 4 * SENT[0]
    plane.update(b"".join(pixels[at : at + row].ljust(plane.line_size, b"\0") for at in range(0, len(pixels), row)))
    shown = made.reformat(format="yuv420p")
    shown.pts, shown.time_base = number, Fraction(1, FRAMES_PER_SECOND)
    return shown


if __name__ == "__main__":
    main()
