"""A tender with the PDFs of its bids, as one request.

The body is `multipart/form-data`: a part `tender` with the tender file, and for each PDF a part `file:` with the name
that the tender gives it, such as `file:bids/a.pdf`. Nothing is written to disk here,
where it would lie unsealed; the limits hold while it is read.
"""

from collections.abc import Mapping
from typing import Final

from aiohttp import BodyPartReader, web
from aiohttp.http import HttpProcessingError
from msgspec import Struct

from server.domain.errors import Rejection
from server.tender.bid_files import FILE_SIZE_LIMIT, FILES_SIZE_LIMIT, MB
from server.tender.tender_file import SIZE_LIMIT

TENDER_PART: Final = "tender"
FILE_PART: Final = "file:"
PART_LIMIT: Final = 2000
_CHUNK: Final = 256 * 1024


class UploadMalformed(Rejection):
    """The server cannot tell what came."""

    code = "upload_malformed"
    sentence = "The request is no form with a part for the tender file and one for each PDF."


class UploadTooLarge(Rejection):
    """More came than a tender may have."""

    code = "upload_too_large"
    sentence = "The files of a request may have {limit_mb} MB together."


class Upload(Struct, frozen=True):
    """What came with a request."""

    tender: bytes
    files: Mapping[str, bytes]
    "By the names of their parts. Of a file that is too large, only what shows that it is."

    def load(self, name: str) -> bytes:
        """The file of a name in the tender.

        Raises:
            FileNotFoundError: it did not come.
        """
        try:
            return self.files[FILE_PART + name]
        except KeyError as error:
            raise FileNotFoundError(name) from error


async def receive(request: web.Request) -> Upload:
    """The parts of a request, read to their end, so that a page that still sends gets to hear the answer.

    Raises:
        UploadMalformed, UploadTooLarge: the rest is not read.
    """
    parts: dict[str, bytes] = {}
    left = FILES_SIZE_LIMIT + SIZE_LIMIT
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or part.name is None or len(parts) == PART_LIMIT:
                raise UploadMalformed
            parts[part.name], size = await _part(part, left)
            left -= size
    except (ValueError, HttpProcessingError) as error:
        raise UploadMalformed from error
    if TENDER_PART not in parts:
        raise UploadMalformed
    return Upload(parts.pop(TENDER_PART), parts)


async def _part(part: BodyPartReader, left: int) -> tuple[bytes, int]:
    """What is kept of a part, and its size."""
    kept, size = bytearray(), 0
    while chunk := await part.read_chunk(_CHUNK):
        size += len(chunk)
        if size > left:
            raise UploadTooLarge(limit_mb=FILES_SIZE_LIMIT // MB)
        kept += chunk[: FILE_SIZE_LIMIT + 1 - len(kept)]
    return bytes(kept), size
