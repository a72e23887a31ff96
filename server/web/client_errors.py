"""The one place that knows HTTP status and WebSocket close codes."""

from typing import Final

from aiohttp import web

from server.domain.errors import EvidenceBroken, LianpingError, Rejection

STATUS: Final = {
    "code_unknown": 403,
    "too_many_tries": 429,
    "token_malformed": 401,
    "token_foreign": 401,
    "token_expired": 401,
    "token_revoked": 401,
    "camera_pass_unknown": 401,
    "camera_pass_expired": 401,
    "role_may_not": 403,
    "foreign_venue": 403,
    "camera_unknown": 404,
    "camera_address_unusable": 422,
    "camera_address_forbidden": 403,
    "wall_pass_unknown": 401,
    "wall_pass_ended": 401,
    "room_not_shown": 410,
    "not_for_walls": 404,
    "too_many_players": 503,
    "media_session_unknown": 404,
    "media_session_moved": 412,
    "media_session_not_named": 428,
    "codec_missing": 406,
    "not_sdp": 415,
    "offer_refused": 422,
    "media_away": 503,
    "other_venue": 403,
    "room_unknown": 404,
    "file_unknown": 404,
    "file_missing": 503,
    "seat_unknown": 404,
    "seat_left": 410,
    "seat_taken": 409,
    "document_moved": 409,
    "signing_busy": 409,
    "replay_closed": 409,
    "store_unavailable": 503,
    "store_unwritable": 503,
    "room_stopped": 503,
    "upload_too_large": 413,
    "bid_file_changed": 409,
}
"HTTP status of a rejection by its code; 400 for all others."

CLOSE: Final = {
    "protocol_unknown": 4400,
    "malformed_frame": 4400,
    "too_many_frames": 4429,
    "join_missing": 4408,
    "token_malformed": 4401,
    "token_foreign": 4401,
    "token_expired": 4401,
    "token_revoked": 4401,
    "room_unknown": 4404,
    "seat_unknown": 4404,
    "seat_left": 4410,
    "seat_taken": 4409,
    "taken_over": 4409,
    "seat_released": 4410,
    "too_slow": 4408,
    "room_stopped": 4503,
    "store_unavailable": 4503,
    "server_stopping": 1001,
}
"WebSocket close code by the code of a `goodbye`; 4000 for all others."

RETRY_AFTER_S: Final = 2
"After a 503: the store is being restarted."


def http_refusal(error: LianpingError) -> web.Response:
    """The answer to a request that was refused: `{"code", "text"}`."""
    code = code_of(error)
    status = STATUS.get(code, 400)
    headers = {"Retry-After": str(retry_after_s(error))} if status in (429, 503) else {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return web.json_response({"code": code, "text": str(error)}, status=status, headers=headers)


def code_of(error: LianpingError) -> str:
    """The stable code of an error that a person is told."""
    match error:
        case Rejection():
            return error.code
        case EvidenceBroken():
            return "room_stopped"
        case _:
            return "store_unavailable"


def retry_after_s(error: LianpingError) -> int:
    """Seconds after which it makes sense to try again."""
    facts = error.facts if isinstance(error, Rejection) else {}
    return int(str(facts.get("retry_after_s", RETRY_AFTER_S)))


def close_code(code: str) -> int:
    """The WebSocket close code that goes with a `goodbye`."""
    return CLOSE.get(code, 4000)
