"""Tells whoever started a demo what is going on, as the host's operator sees it."""

import asyncio
from functools import partial
from typing import Final

from server.demo.play import Say
from server.demo.seat_client import SeatClient
from server.domain.phases import Phase
from server.domain.state import RoomView
from server.words import words

SENTENCES: Final = {
    Phase.PREPARED: words("席位登记密钥，各场工作人员确认", "Seats enrol their keys, operators confirm them"),
    Phase.CHECK_IN: words("签到：回避声明与承诺书", "Check-in: recusal statements and pledges"),
    Phase.CHAIR_ELECTION: words("推选组长", "The chair is elected"),
    Phase.EXAMINATION: words("初步评审：各自独立，多数决定", "Preliminary examination: each alone, then the majority"),
    Phase.SCORING: words("独立打分", "Scoring, each alone"),
    Phase.PRICES: words("分数已公开，开启报价", "Points are revealed, prices open"),
    Phase.SUMMARY: words("汇总排名", "Ranking"),
    Phase.LOCKED: words("结果锁定", "The result is locked"),
    Phase.SIGNING: words("评标报告生成，成员逐一签署", "The report is typeset; the members sign it"),
    Phase.SEALED: words("评标报告封存", "The report is sealed"),
    Phase.CLOSED: words("评标室关闭", "The room is closed"),
}


def standing(view: RoomView) -> dict[str, Phase]:
    """The room's phase, or those of its lots while it is in evaluation."""
    if view.phase is not Phase.EVALUATION:
        return {"": view.phase}
    return {str(name): lot.phase for name, lot in view.lots.items() if lot.phase in SENTENCES}


async def narrate(seat: SeatClient, say: Say) -> None:
    """Say a sentence at every change of phase, for ever."""
    told: dict[str, Phase] = {}
    while True:
        now = standing(seat.view)
        for place, phase in now.items():
            if told.get(place) is not phase:
                say(f"{place + ': ' if place else ''}{SENTENCES[phase]}")
        told = now
        await seat.until(partial(_differs, told), patience_s=None)


def _differs(told: dict[str, Phase], view: RoomView) -> bool:
    return standing(view) != told


async def no_pause(*_: object) -> None:
    """Nobody watches: go on at once."""
    await asyncio.sleep(0)
