"""Short-lived credentials for the relays (TURN) that carry a seat's sound and pictures where no UDP comes through.

The relay shares a secret with this server and keeps no accounts: the user name says until when it is good, and the
password is its HMAC under the secret. Whoever copies a pair can use the relay until then, and reach with it only what
the relay's own configuration allows.
Source: draft-uberti-behave-turn-rest-00, 2.2; coturn, `use-auth-secret`.
"""

import base64
import hashlib
import hmac
from typing import Final

from msgspec import Struct

from server.domain.ids import Millis

LIFETIME_S: Final = 3600
"Of a pair; a page is given the next one before it ends."


class RelayPass(Struct, frozen=True, kw_only=True):
    """What opens the relays for one seat, for a while."""

    urls: tuple[str, ...]
    username: str
    credential: str


class Relays(Struct, frozen=True, kw_only=True):
    """The relays of this server."""

    urls: tuple[str, ...]
    secret: str
    lifetime_s: float = LIFETIME_S

    def __repr__(self) -> str:
        return f"Relays(urls={self.urls!r}, secret hidden)"

    def issue(self, holder: str, now: Millis) -> RelayPass:
        """A pass that is good from now on for `lifetime_s`; `holder` stands in the relay's log."""
        username = f"{now // 1000 + int(self.lifetime_s)}:{holder}"
        digest = hmac.digest(self.secret.encode(), username.encode(), hashlib.sha1)
        return RelayPass(urls=self.urls, username=username, credential=base64.b64encode(digest).decode())
