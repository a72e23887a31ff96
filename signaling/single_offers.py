"""Those who negotiate once, and offer themselves: room cameras and encoders (WHIP), players (WHEP)."""

import asyncio

from msgspec.structs import replace

from signaling.answering import BadOffer, answer, read_offer, restarted
from signaling.host import Host, draw_ssrc
from signaling.media_room import MediaRoom
from signaling.messages import OfferTaken, RestartIce, TakeOffer, TakePlayer
from signaling.peer import Peer
from signaling.playing import NoCommonCodec, Playable, answer_player, read_wish


def follow_offer(message: TakeOffer | TakePlayer | RestartIce, room: MediaRoom, host: Host) -> OfferTaken:
    """Do what is asked for; the answer, or why there is none."""
    taken = OfferTaken(room=message.room, alias=message.alias, request=message.request)
    try:
        match message:
            case TakeOffer():
                connection, sdp = _take_encoder(message, room, host)
            case TakePlayer():
                connection, sdp = _take_player(message, room, host)
            case RestartIce():
                connection, sdp = _restart_ice(message, room, host)
    except BadOffer as error:
        return replace(taken, problem=str(error), is_codec=isinstance(error, NoCommonCodec))
    except Exception as error:  # the top of what a stranger offers: what we overlooked in it costs its sender alone
        host.port.faults.note(error, asyncio.get_running_loop().time(), room=message.room, alias=message.alias)
        return replace(taken, problem="The offer cannot be answered.")
    return replace(taken, connection=connection, sdp=sdp)


def _take_encoder(message: TakeOffer, room: MediaRoom, host: Host) -> tuple[int, str]:
    offered = read_offer(message.sdp, message.alias)
    peer = Peer(message.alias, offered.lines, host, room)
    room.add(peer)
    peer.agree(offered.agreement)
    return peer.connection, answer(offered, host.endpoint(peer.link.credentials), connection=peer.connection)


def _take_player(message: TakePlayer, room: MediaRoom, host: Host) -> tuple[int, str]:
    wanted = [Playable(*track, track[0] in message.cameras, room.codec(*track)) for track in message.tracks]
    wish = read_wish(message.sdp, wanted, draw_ssrc)
    peer = Peer(message.alias, wish.lines, host, room)
    room.add_player(peer)
    peer.agree(wish.agreement)
    return peer.connection, answer_player(wish, host.endpoint(peer.link.credentials), connection=peer.connection)


def _restart_ice(message: RestartIce, room: MediaRoom, host: Host) -> tuple[int, str]:
    peer = room.peers.get(message.alias)
    if peer is None or peer.connection != message.connection:
        raise BadOffer("The connection has ended.")
    peer.link.restart_ice(host.new_credentials())
    return peer.connection, restarted(peer.taken, host.endpoint(peer.link.credentials))
