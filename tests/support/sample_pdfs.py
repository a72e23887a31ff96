"""Small documents as bidders hand them in, written by hand."""

from io import BytesIO

import av
from av.video.frame import VideoFrame

WIDTH, HEIGHT = 400, 300


def chinese_by_name() -> bytes:
    """A line in a font that is not embedded, its characters told by the name of a map (GBK-EUC-H)."""
    text = "投标函".encode("gbk").hex()
    font = (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /GBK-EUC-H /DescendantFonts [<< /Type /Font"
        b" /Subtype /CIDFontType0 /BaseFont /SimSun /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1)"
        b" /Supplement 2 >> /FontDescriptor << /Type /FontDescriptor /FontName /SimSun /Flags 6"
        b" /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >> >>] >>"
    )
    return _pdf(b"<< /Font << /F1 4 0 R >> >>", f"BT /F1 60 Tf 80 120 Td <{text}> Tj ET".encode(), font)


def jpeg2000_scan() -> bytes:
    """A page that is one dark picture, as some scanners keep it."""
    frame = VideoFrame(WIDTH, HEIGHT, "rgb24")
    frame.planes[0].update(bytes((20, 40, 60)) * (WIDTH * HEIGHT))
    buffer = BytesIO()
    with av.open(buffer, "w", format="image2pipe") as container:
        stream = container.add_stream("jpeg2000", rate=1)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "rgb24"
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    picture = buffer.getvalue()
    kind = f"/Type /XObject /Subtype /Image /Width {WIDTH} /Height {HEIGHT} /Filter /JPXDecode"
    head = f"<< {kind} /Length {len(picture)} >>"
    image = head.encode() + b"\nstream\n" + picture + b"\nendstream"
    return _pdf(b"<< /XObject << /I1 4 0 R >> >>", f"{WIDTH} 0 0 {HEIGHT} 0 0 cm /I1 Do".encode(), image)


def _pdf(resources: bytes, content: bytes, fourth: bytes) -> bytes:
    """One page; object 4 is what its resources name."""
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents 5 0 R /Resources ".encode()
        + resources
        + b" >>",
        fourth,
        f"<< /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream",
    )
    pdf, places = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(pdf))
        pdf += f"{number} 0 obj\n".encode() + each + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = (
        f"xref\n0 6\n0000000000 65535 f \n{table}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{len(pdf)}\n%%EOF\n"
    )
    return pdf + trailer.encode()
