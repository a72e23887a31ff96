import asyncio

import pytest

from server.web.offer_desk import CodecMissing, MediaAway, OfferAnswer, OfferDesk, OfferRefused, ufrag_of, ufrags_of
from signaling.messages import OfferTaken, TakeOffer, ToMedia


class Process:
    """A media process that answers as it is told."""

    def __init__(self, *, problem: str = "", is_codec: bool = False) -> None:
        self.desk = OfferDesk(self._tell)
        self._problem = problem
        self._is_codec = is_codec

    def _tell(self, message: ToMedia) -> bool:
        if isinstance(message, TakeOffer):
            taken = OfferTaken(
                room=message.room,
                alias=message.alias,
                request=message.request,
                connection=100 + message.request,
                sdp=f"answer to {message.sdp}",
                problem=self._problem,
                is_codec=self._is_codec,
            )
            asyncio.get_running_loop().call_soon(self.desk.hear, taken)
        return True


def offer(request: int) -> ToMedia:
    return TakeOffer(room="r1", alias="C1", request=request, sdp=f"offer {request}")


async def test_every_offer_gets_its_own_answer() -> None:
    desk = Process().desk

    answers = await asyncio.gather(desk.ask(offer), desk.ask(offer))

    assert list(answers) == [
        OfferAnswer(connection=101, sdp="answer to offer 1"),
        OfferAnswer(connection=102, sdp="answer to offer 2"),
    ]


async def test_what_cannot_be_taken_is_told_apart_from_what_cannot_be_played() -> None:
    with pytest.raises(OfferRefused, match="no picture"):
        await Process(problem="There is no picture.").desk.ask(offer)
    with pytest.raises(CodecMissing, match="VP8"):
        await Process(problem="It comes in VP8.", is_codec=True).desk.ask(offer)


async def test_without_a_process_nothing_is_taken_and_a_late_answer_is_nobodys() -> None:
    desk = OfferDesk(lambda _: False)

    with pytest.raises(MediaAway):
        await desk.ask(offer)
    desk.hear(OfferTaken(room="r1", alias="C1", request=1, connection=5, sdp="late"))


def test_ice_session_is_known_by_its_name() -> None:
    assert ufrag_of("v=0\r\na=ice-ufrag:EsAw\r\na=ice-pwd:x\r\n") == "EsAw"
    assert ufrag_of("a=end-of-candidates") is None
    assert ufrags_of("m=audio\r\na=ice-ufrag:one\r\nm=video\r\na=ice-ufrag:two\r\n") == {"one", "two"}
