"""Typed cells of sheets that are not handed in yet: kept at the server, on disk, for their author only."""

from typing import Final

from server.domain.commands import HandInExamination, HandInScores
from server.domain.errors import Rejection
from server.domain.ids import Alias, LotId
from server.domain.phases import Stage
from server.domain.plan import SignedCommand
from server.domain.rejections import NothingToHandIn
from server.domain.state import RoomState
from server.evidence.sealing import open_command
from server.session.frames import Cell, Progress, SaveCell, ShowProgress
from server.session.room_session import RoomSession
from server.store.drafts import DraftCell, Drafts, DraftSheet

NAME_LIMIT: Final = 120
VALUE_LIMIT: Final = 800
"Characters; a reason has at most half as many, and more may stand there while it is typed."
CELL_LIMIT: Final = 4_000
"Cells of one sheet: 40 bids with 100 criteria."


class CellTooLong(Rejection):
    """More text than a cell can hold."""

    code = "cell_too_long"
    sentence = "A cell holds at most {limit} characters."


class TooManyCells(Rejection):
    """More cells than any sheet has."""

    code = "too_many_cells"
    sentence = "A sheet holds at most {limit} cells."


class DraftDesk:
    """Saves, loads and forgets the cells of a room's members."""

    def __init__(self, drafts: Drafts) -> None:
        self._drafts = drafts

    async def save(self, session: RoomSession, alias: Alias, typed: SaveCell) -> Cell:
        """The cell as it is kept now, also told to the person's other pages.

        Raises:
            NothingToHandIn: the member has no such sheet open.
            CellTooLong, TooManyCells: beyond any sheet.
            StoreUnavailable, StoreUnwritable: not kept.
        """
        if len(typed.cell) > NAME_LIMIT or len(typed.value) > VALUE_LIMIT:
            raise CellTooLong(limit=VALUE_LIMIT)
        if (typed.lot, typed.stage, typed.round) not in _open_sheets(session.room, alias):
            raise NothingToHandIn(alias=alias)
        sheet = _draft_sheet(session, alias, typed.lot, typed.stage, typed.round)
        if typed.version == 1 and len(await self._drafts.load(sheet)) >= CELL_LIMIT:
            raise TooManyCells(limit=CELL_LIMIT)
        kept = await self._drafts.save(sheet, typed.cell, typed.value.encode(), version=typed.version)
        return _cell(typed.lot, typed.stage, typed.round, typed.cell, kept)

    def progress(self, session: RoomSession, alias: Alias, shown: ShowProgress) -> Progress:
        """What the room is told of somebody's progress with a sheet.

        Raises:
            NothingToHandIn: there is no such sheet open; nobody shows up in the room by a frame of this kind.
        """
        if (shown.lot, shown.stage) not in [(lot, stage) for lot, stage, _ in _open_sheets(session.room, alias)]:
            raise NothingToHandIn(alias=alias)
        return Progress(alias=alias, lot=shown.lot, stage=shown.stage, filled=shown.filled, total=shown.total)

    async def load(self, session: RoomSession, alias: Alias) -> tuple[Cell, ...]:
        """Every kept cell of the sheets that the member has still to hand in.

        Raises:
            StoreUnavailable: no answer.
        """
        cells: list[Cell] = []
        for lot, stage, number in _open_sheets(session.room, alias):
            kept = await self._drafts.load(_draft_sheet(session, alias, lot, stage, number))
            cells.extend(_cell(lot, stage, number, name, cell) for name, cell in sorted(kept.items()))
        return tuple(cells)

    async def forget(self, session: RoomSession, alias: Alias, signed: SignedCommand) -> None:
        """Drop the cells of a sheet that has just been handed in.

        Raises:
            StoreUnavailable, StoreUnwritable: they are still there; harmless, since no round opens twice.
        """
        match open_command(signed, session.room).command:
            case HandInExamination() as sheet:
                await self._drafts.discard(_draft_sheet(session, alias, sheet.lot, Stage.EXAMINATION, sheet.round))
            case HandInScores() as sheet:
                await self._drafts.discard(_draft_sheet(session, alias, sheet.lot, Stage.SCORING, sheet.round))
            case _:
                pass


def _open_sheets(room: RoomState, alias: Alias) -> list[tuple[LotId, Stage, int]]:
    """The sheets that a member has still to hand in: lot, stage, round."""
    return [
        (name, stage, number)
        for name, lot in room.lots.items()
        for stage, state in lot.stages.items()
        if (number := state.open_round) is not None and alias in state.pending
    ]


def _draft_sheet(session: RoomSession, alias: Alias, lot: LotId, stage: Stage, number: int) -> DraftSheet:
    return DraftSheet(room=session.room_id, alias=alias, sheet=f"{lot}/{stage}/{number}")


def _cell(lot: LotId, stage: Stage, number: int, name: str, kept: DraftCell) -> Cell:
    return Cell(lot=lot, stage=stage, round=number, cell=name, value=kept.value.decode(), version=kept.version)
