"""A foreign WHEP player, which receives a picture and a sound and decodes both."""

from aiortc import RTCRtpReceiver

from tests.support.foreign_peer import ForeignPeer


def new_player(*kinds: str, codec: str | None = None) -> ForeignPeer:
    """One that has offered nothing yet.

    Args:
        kinds: of the lines that it offers, in their order; sound and picture without any.
        codec: the only one that it takes for a picture, as in `video/H264`; all that it knows without one.
    """
    player = ForeignPeer()
    for kind in kinds or ("audio", "video"):
        transceiver = player.connection.addTransceiver(kind, direction="recvonly")
        if kind == "video" and codec is not None:
            known = RTCRtpReceiver.getCapabilities("video")
            assert known is not None
            transceiver.setCodecPreferences([each for each in known.codecs if each.mimeType == codec])
    return player
