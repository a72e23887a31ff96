"""One thing that is wrong with a scheme."""

from msgspec import Struct


class SchemeProblem(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Where, what, and what to write instead."""

    path: str
    "Such as `criteria.children[0].unit`."
    code: str
    "Stable; the client translates it."
    message: str
    "English sentence that says what to write instead."
    source: str | None = None
    "The law that wants it, if one does."
