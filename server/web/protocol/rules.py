"""The rules of the wire in words, with the numbers that the code works with."""

from typing import Final

from server.auth.signed_tokens import LIFETIME_S, REFRESH_GRACE_S
from server.domain.commands import TEXT_LIMIT
from server.evidence.command_signatures import COMMAND_PREFIX, JOIN_PREFIX
from server.session.drafting import CELL_LIMIT, NAME_LIMIT, VALUE_LIMIT
from server.session.feed import QUEUE_LIMIT
from server.session.frames import PROTOCOL
from server.session.room_session import CHECKPOINT_PAUSE_S
from server.web.absences import RETURN_WITHIN_S
from server.web.drop_watch import LOOK_EVERY_S
from server.web.packing import FROM_SEAT
from server.web.protocol.example_room import command_text
from server.web.protocol.examples import COMMANDS, LINE
from server.web.seat_door import HEARTBEAT_S, JOIN_PATIENCE_S
from server.web.signal_frames import COMES_BACK, SIGNAL_PROTOCOL
from server.web.sync_socket import FRAMES_A_SECOND, FRAMES_AT_ONCE

RULES: Final = f"""\
# The protocol of a seat

What passes between a page and the server over two WebSockets: over `/rooms/{{room}}/sync` the room's record one way,
signed commands and typed cells the other; over `/rooms/{{room}}/signal` what camera and microphone need. This page is
written by `python -m server.web.protocol` from the types that the server decodes with, and so is
`client_web/src/protocol/generated.ts`; a test fails when either differs from them.

## The wire

* The subprotocol is `{PROTOCOL}`, on the signal socket `{SIGNAL_PROTOCOL}`. Its number rises with every change that an
  older side cannot read; a page that asks for another one is told `protocol_unknown` and has to be loaded anew.
* A frame is one binary message: a msgpack map with its `type`. Integers, texts, byte strings, booleans, nothing, maps
  with text keys and arrays; no fractions, no extension types, no key twice. Unknown fields from a seat are refused.
  The examples below show frames as JSON, with byte strings in base64; on the wire they are raw.
* A frame from a seat has at most {FROM_SEAT.size // 1024} KiB, {FROM_SEAT.depth} levels and {FROM_SEAT.items} values.
  A page may send {FRAMES_AT_ONCE} frames at once and {FRAMES_A_SECOND} a second for long.
* The server pings every {HEARTBEAT_S:.0f} s and ends a connection that does not answer.

## Joining and resuming

1. Within {JOIN_PATIENCE_S:.0f} s the page sends `join`: its token, how many lines or hashes of lines it holds from the
   beginning (`have`), and, for an enrolled seat, the proof that it holds the seat's key: a P-256 signature over
   `{JOIN_PREFIX.decode().strip()}`, a line feed and the token.
2. The server answers `welcome`, then the lines from `have` on that the viewer may see, with older ones that may have
   been opened since, and the latest checkpoint. Live lines follow as they become durable. A line may come twice, with
   the same bytes.
3. The bytes of a line are its RFC 8785 text: one flat object of the fields of [LineHead](#linehead), `type`, and the
   event's own. Their leaf hash (RFC 6962: SHA-256 over a zero byte and the line) stands in the room's tree; the page
   hashes the bytes it received and never writes a line again. For example:

   ```
   {LINE.decode()}
   ```

4. A `checkpoint` brings the hashes of the hidden lines before it, so that the page can compute the root itself and
   hold it against the signed one. Checkpoints come at once when the phase moves or lines open, otherwise
   {CHECKPOINT_PAUSE_S:.0f} s after a line at the latest.
5. When a round is revealed or prices open, lines with lower places than the last one arrive: the page folds again from
   the start.
6. A page with {QUEUE_LIMIT} frames waiting is cut off (`too_slow`) and joins again with its new `have`.

The same alias opened in a second window with the same key takes over at once (`taken_over`); from another device it is
refused (`seat_taken`), and the first page is told by `refused` with the code `other_device_refused`.

## Commands

A command is one flat RFC 8785 object: the fields of [Envelope](#envelope), `type`, and the command's own. The page
signs `{COMMAND_PREFIX.decode().strip()}`, a line feed and that text with its command key (P-256 with SHA-256;
`signature` is r and s, 32 bytes each) and sends text, signature and the key's fingerprint in `submit`. For example:

```
{command_text(COMMANDS[5])}
```

* `n` rises with every command of a key. Key and `n` are the command's id: sent again with the same bytes it gets its
  first answer, so a page that lost the connection before the answer sends the same bytes again. With other bytes it is
  refused (`command_id_reused`).
* `seen` is the tree that the page has computed and found in a checkpoint. It must be a beginning of the record
  (`forked_view`) and must reach beyond the last change of phase (`stale_view`).
* `accepted` says that the command's lines are durable. `refused` carries a stable code and `n`; nothing has changed.
* A free text has at most {TEXT_LIMIT} characters; spaces around it are dropped.

## Typed cells

A member's cells are kept until the sheet is handed in, on disk, for the author only. `save_cell` names the version that
the page knows, plus one; the server keeps the higher one and answers with the cell as it stands, to every page of the
person. `welcome` brings all kept cells of the sheets that are still to be handed in. A name has at most {NAME_LIMIT}
characters, a value {VALUE_LIMIT}, a sheet {CELL_LIMIT} cells.

## Tokens

A token lives {LIFETIME_S // 60} minutes. The page asks for the next one over the socket (`refresh`, answered by
`token`); a connection whose token has ended is closed (`token_expired`). A page that slept renews its token by
`POST /api/rooms/{{room}}/token` up to {REFRESH_GRACE_S // 3600} hours after its end, and joins again.

## Replay

`GET /api/rooms/{{room}}/replay` with the token of the auditor's seat, once the room is closed (`role_may_not`,
`replay_closed` otherwise), says who saw which line since when, so that a page that holds all lines can fold what an
alias saw at any moment. It never changes; its `ETag` is made of the record's root.

* `size`: the lines of the record.
* `aliases`: by alias, `planned`, the place of the line that planned the seat: each line counts as seen from when it
  came, but not before that one. Except `later`, runs of lines as `[first, last, since]` that became visible with the
  line `since`, and `never`, runs `[first, last]` that stayed hidden.
* `marks`: the lines that stand out, each with `seq`, `at`, `code`, and `alias` and `lot` where it is about one.

## Sound and pictures

1. The page opens `/rooms/{{room}}/signal` and sends `join_media`, with token and proof as in `join`. A server that
   forwards no media says `media_off`.
2. The server makes every offer (`media_offer`), the page answers each with the same `connection` and `revision`
   (`media_answer`). Another `connection` than before means a new peer connection in the page; a higher `revision` of
   the same one brings new ICE credentials, or lines for seats that were planned later.
3. The lines of an offer: `audio` and `video` for the seat's own microphone and camera (`recvonly`), where it has them
   in the room, `screen` for a screen that it may come to show, `desktop` where its desktop is recorded; then
   `<alias>-audio` and `<alias>-video` (`sendonly`, `msid` is the alias) for everyone it may ever see or hear, and
   `<alias>-screen` (with an `msid` of its own) for those who may show it a screen. The page adds no line: it gives the
   own ones `sendonly` and puts its tracks there. The answer is `setup:active`.
4. Who may see whom now is decided at the server: packets of a line begin and stop without negotiation.
5. `restart_media` asks for an offer with new ICE credentials, after a change of network. After `media_gone` or a lost
   socket the page joins again. It names the `connection` that it still has: sound and pictures may have gone on over
   that one, or have ended with the network alone; then it is offered with new ICE credentials, and kept. A page that
   leaves its socket for a new one closes it with {COMES_BACK}. Where a socket ends so, or with the network, the server
   keeps the connection for {RETURN_WITHIN_S:.0f} s; every other end of the socket ends the connection, too.
6. Where the server knows relays (TURN), `media_relays` comes before the first offer: addresses and a pass that is good
   for an hour. The next pass comes before that one ends; the page puts it into its connection and asks `restart_media`.
7. A page that has a camera tells what the person has switched (`show_seat`), the whole of it, after joining and at each
   change; where what protects it has stalled (`stalled`), too: the recording is of what is not protected, so that is no
   fact of the record. It is passed on (`seat_shown`) to those who may see and hear the seat now, to others once they
   may; it stands in no record. `lower_hand` is for the chair and the main venue's operator; the seat is told
   (`hand_lowered`).
8. A page says how it shows each seat (`view_tiles`): a picture comes as large as it is shown; one that is not shown
   does not come. What the seat's line does not carry gets smaller, then is held back (`pictures_paused`).
9. Packets that are forged, unreadable or too many are dropped. Where there are many, the operators' pages are told
   (`drops_seen`), within {LOOK_EVERY_S:.0f} s and until there have been none for a minute.

A page that tries its ways before the seat is taken sends `join_probe` instead of `join_media`. For each `try_way` it is
offered two new connections: one with lines for its own tracks, and one on which they come back to it (`P1`). Nobody
else is there; the page is sent away after three minutes, and with `probes_busy` while too many are trying.
"""
