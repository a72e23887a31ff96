"""Offers of encoders and players as text, and what our answers say of us."""

from signaling.ice_lite import Credentials
from signaling.negotiation import Endpoint

ENDPOINT = Endpoint(
    credentials=Credentials("name", "password"), fingerprint="sha-256 AB:CD", addresses=("10.0.0.7",), port=8444
)
HEAD = [
    "v=0",
    "o=- 1 1 IN IP4 0.0.0.0",
    "s=-",
    "t=0 0",
    "a=group:BUNDLE 0 1",
    "a=setup:actpass",
    "a=fingerprint:sha-256 AA:BB",
]
"Of an offer of two lines."


def text(*sections: list[str], head: list[str] = HEAD) -> str:
    """An offer of these lines."""
    return "\r\n".join([*head, *(line for section in sections for line in section), ""])
