"""What the edge calls: the parts that `app.py` puts together once."""

from collections.abc import Awaitable, Callable

from msgspec import Struct

from server.auth.camera_passes import CameraPasses
from server.auth.codes import EntryCodes
from server.auth.operators import OperatorTokens
from server.auth.relays import Relays
from server.auth.tokens import SeatTokens
from server.auth.tries import Tries
from server.domain.ids import Millis
from server.session.drafting import DraftDesk
from server.session.live_rooms import LiveRooms
from server.session.new_rooms import NewRooms
from server.session.recording_reviews import RecordingReviews
from server.session.signature_desk import SignatureDesk
from server.store.files import RoomFiles
from server.store.log_reader import LogReader
from server.store.promise import StorePromise
from server.web.camera_pulls import CameraPulls
from server.web.media_bridge import MediaBridge


class Services(Struct, frozen=True, kw_only=True):
    """The server behind the edge."""

    rooms: LiveRooms
    new_rooms: NewRooms
    drafts: DraftDesk
    files: RoomFiles
    signatures: SignatureDesk
    codes: EntryCodes
    tokens: SeatTokens
    camera_passes: CameraPasses
    wrong_passes: Tries
    "Of encoders and players."
    operators: OperatorTokens
    reader: LogReader
    check_promise: Callable[[], Awaitable[StorePromise]]
    clock: Callable[[], Millis]
    media: MediaBridge | None
    "None where the server forwards neither sound nor pictures."
    pulls: CameraPulls | None
    "None as `media`."
    reviews: RecordingReviews | None
    "None where nothing is recorded."
    relays: Relays | None
    "None where seats have no relay but their own network."
    root_certificate: bytes | None
    "PEM of the embedded CA's root; none when another certificate is used."
