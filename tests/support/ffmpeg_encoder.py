"""FFmpeg as an encoder: the WHIP muxer of the libraries that PyAV brings along, in a process of its own.

It offers `setup:passive`, so that the server begins the handshake, and holds the interpreter while it waits for that.
FFmpeg 8.1 with GnuTLS makes itself a certificate on a curve that neither OpenSSL nor browsers take: it is given one.
"""

import asyncio
import sys
import time
from fractions import Fraction
from pathlib import Path

import av
from aiortc import RTCCertificate
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

WIDTH, HEIGHT, PER_SECOND = 320, 192, 10


async def send_with_ffmpeg(url: str, token: str, folder: Path, *, seconds: int) -> None:
    """Send a picture and a tone for so long, then end the session; the folder is for its certificate."""
    made = RTCCertificate.generateCertificate()
    (folder / "cert.pem").write_bytes(made._cert.public_bytes(Encoding.PEM))
    key = made._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key.pem").write_bytes(key)
    arguments = ["-m", "tests.support.ffmpeg_encoder", url, token, str(folder), str(seconds)]
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments)
    assert await process.wait() == 0


def send(url: str, token: str, folder: Path, seconds: int) -> None:
    """The same, here."""
    options = {"authorization": token, "cert_file": str(folder / "cert.pem"), "key_file": str(folder / "key.pem")}
    with av.open(url, "w", format="whip", options=options) as output:
        picture = output.add_stream("libx264", rate=PER_SECOND)
        picture.width, picture.height, picture.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        picture.options = {"profile": "baseline", "tune": "zerolatency", "g": str(PER_SECOND)}
        sound = output.add_stream("libopus", rate=48_000, layout="stereo")
        for number in range(seconds * PER_SECOND):
            frame = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes([16 + 8 * (number % 25)]) * plane.buffer_size)
            frame.pts, frame.time_base = number, Fraction(1, PER_SECOND)
            tone = av.AudioFrame("s16", "stereo", 48_000 // PER_SECOND)
            tone.pts, tone.sample_rate, tone.time_base = number * tone.samples, 48_000, Fraction(1, 48_000)
            for packet in [*picture.encode(frame), *sound.encode(tone)]:
                output.mux(packet)
            time.sleep(1 / PER_SECOND)


if __name__ == "__main__":
    send(sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]))
