"""Every way in which signing a document refuses what a page sends. `code` is stable: the client translates it."""

from typing import ClassVar

from server.domain.errors import Rejection


class HandwritingUnusable(Rejection):
    """What was drawn on the signature pad cannot stand on a page."""

    code: ClassVar[str] = "handwriting_unusable"
    sentence: ClassVar[str] = "The handwritten signature cannot be used: {detail}."


class DocumentSignatureBad(Rejection):
    """The signature is not one of the seat's certified document key over what was prepared."""

    code: ClassVar[str] = "document_signature_bad"
    sentence: ClassVar[str] = "The signature does not fit the prepared document and the seat's certificate."
