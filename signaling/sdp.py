"""Reads SDP into sections and attributes; what they mean is decided in `negotiation.py`.

Source: RFC 8866.
"""

import msgspec

MAX_SDP_CHARACTERS = 256 * 1024

Attributes = tuple[tuple[str, str], ...]
"Name and value in order; a flag has an empty value."


class BadSdp(ValueError):
    """The text is no session description."""


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """One `m=` line with its attributes."""

    kind: str
    port: int
    payload_types: tuple[int, ...]
    "Of sound and pictures."
    attributes: Attributes
    protocol: str = "UDP/TLS/RTP/SAVPF"
    formats: tuple[str, ...] = ()
    "As they stand."

    def first(self, name: str) -> str | None:
        """The first value of an attribute."""
        return next((value for key, value in self.attributes if key == name), None)

    def every(self, name: str) -> list[str]:
        """All values of an attribute."""
        return [value for key, value in self.attributes if key == name]


class Description(msgspec.Struct, frozen=True, kw_only=True):
    """A session: its own attributes and its media sections in order."""

    attributes: Attributes
    sections: tuple[Section, ...]

    def inherited(self, name: str) -> str | None:
        """An attribute of the session, or else of the first section that has it (bundled sections share it)."""
        session = next((value for key, value in self.attributes if key == name), None)
        if session is not None:
            return session
        return next((value for section in self.sections if (value := section.first(name)) is not None), None)


def read(text: str) -> Description:
    """The description in a text.

    Raises:
        BadSdp: a line does not read `<letter>=<value>`, or an `m=` line is malformed.
    """
    if len(text) > MAX_SDP_CHARACTERS or not text.startswith("v=0"):
        raise BadSdp("no SDP, or too long")
    groups: list[tuple[str, list[tuple[str, str]]]] = [("", [])]
    for line in text.splitlines():
        letter, separator, value = line.partition("=")
        if len(letter) != 1 or not separator:
            raise BadSdp(f"not a line of SDP: {line[:40]!r}")
        if letter == "m":
            groups.append((value, []))
        elif letter == "a":
            name, _, content = value.partition(":")
            groups[-1][1].append((name, content))
    (_, session), *media = groups
    return Description(attributes=tuple(session), sections=tuple(_section(head, found) for head, found in media))


def _section(head: str, attributes: list[tuple[str, str]]) -> Section:
    try:
        kind, port, protocol, *formats = head.split()
        payload_types = formats if kind in ("audio", "video") else ()
        return Section(
            kind=kind,
            port=int(port),
            payload_types=tuple(int(number) for number in payload_types),
            attributes=tuple(attributes),
            protocol=protocol,
            formats=tuple(formats),
        )
    except ValueError as error:
        raise BadSdp(f"not a media line: {head[:40]!r}") from error
