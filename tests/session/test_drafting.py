import pytest

from server.demo.acts import points_of, verdicts_of
from server.domain.commands import HandInExamination, HandInScores, ReturnSheet
from server.domain.ids import Alias, LotId
from server.domain.phases import Phase, Stage
from server.domain.rejections import NothingToHandIn
from server.domain.rules.checks import lot_plan
from server.domain.state import RoomState
from server.session.drafting import CELL_LIMIT, NAME_LIMIT, VALUE_LIMIT, CellTooLong, DraftDesk, TooManyCells
from server.session.frames import Cell, Progress, SaveCell, ShowProgress
from server.store.drafts import Drafts, DraftSheet
from tests.support.desk import Desk
from tests.support.live_server import ACTS, E1, E2, L1, W1


def examining(room: RoomState) -> bool:
    return L1 in room.lots and room.lots[L1].phase is Phase.EXAMINATION


def typed(cell: str, value: str, version: int = 1, *, stage: Stage = Stage.EXAMINATION, number: int = 1) -> SaveCell:
    return SaveCell(lot=L1, stage=stage, round=number, cell=cell, value=value, version=version)


def kept(cell: str, value: str, version: int = 1) -> Cell:
    return Cell(lot=L1, stage=Stage.EXAMINATION, round=1, cell=cell, value=value, version=version)


@pytest.fixture
def drafts(desk: Desk) -> DraftDesk:
    return DraftDesk(Drafts(desk.backend.store, desk.backend.rooms))


async def test_a_cell_is_kept_for_its_author_only(desk: Desk, drafts: DraftDesk) -> None:
    await desk.play(examining)
    session = await desk.session()

    saved = await drafts.save(session, E1, typed("A/form-1", "缺少签字"))
    await drafts.save(session, E1, typed("B/form-1", ""))

    assert saved == kept("A/form-1", "缺少签字")
    assert await drafts.load(session, E1) == (saved, kept("B/form-1", ""))
    assert await drafts.load(session, E2) == await drafts.load(session, W1) == ()


async def test_a_page_that_is_behind_overwrites_nothing(desk: Desk, drafts: DraftDesk) -> None:
    await desk.play(examining)
    session = await desk.session()
    await drafts.save(session, E1, typed("A/form-1", "一"))
    newer = await drafts.save(session, E1, typed("A/form-1", "二", 2))

    late = await drafts.save(session, E1, typed("A/form-1", "一", 1))

    assert (late, await drafts.load(session, E1)) == (newer, (newer,))


@pytest.mark.parametrize(
    ("alias", "cell"),
    [
        (W1, typed("A/form-1", "x")),
        (E1, typed("A/plan", "9", stage=Stage.SCORING)),
        (E1, typed("A/form-1", "x", number=2)),
        (E1, SaveCell(lot=LotId("L9"), stage=Stage.EXAMINATION, round=1, cell="A/form-1", value="x", version=1)),
    ],
    ids=["no member", "another stage", "another round", "another lot"],
)
async def test_only_a_sheet_that_is_still_to_be_handed_in_has_cells(
    desk: Desk, drafts: DraftDesk, alias: Alias, cell: SaveCell
) -> None:
    await desk.play(examining)
    session = await desk.session()

    with pytest.raises(NothingToHandIn):
        await drafts.save(session, alias, cell)

    assert await drafts.load(session, alias) == ()


@pytest.mark.parametrize("cell", [typed("A" * (NAME_LIMIT + 1), ""), typed("A/form-1", "字" * (VALUE_LIMIT + 1))])
async def test_a_cell_has_limits(desk: Desk, drafts: DraftDesk, cell: SaveCell) -> None:
    await desk.play(examining)

    with pytest.raises(CellTooLong):
        await drafts.save(await desk.session(), E1, cell)


async def test_a_sheet_has_limits(desk: Desk, drafts: DraftDesk) -> None:
    await desk.play(examining)
    session = await desk.session()
    await drafts.save(session, E1, typed("first", "1"))
    sheet = DraftSheet(room=desk.room_id, alias=E1, sheet="L1/examination/1")
    [stored] = (await desk.backend.store.ask("HGETALL", sheet.key))[1::2]
    cipher = await desk.backend.rooms.cipher_of(desk.room_id)
    names = [f"c{number}" for number in range(CELL_LIMIT - 1)]
    sealed = [b"1:" + cipher.seal(b"1", "draft", E1, sheet.sheet, name) for name in names]
    await desk.backend.store.ask(
        "HSET", sheet.key, *[word for pair in zip(names, sealed, strict=True) for word in pair]
    )
    assert stored.startswith(b"1:")

    with pytest.raises(TooManyCells):
        await drafts.save(session, E1, typed("one more", "1"))

    assert (await drafts.save(session, E1, typed("first", "2", 2))).value == "2"


async def test_the_cells_go_when_the_sheet_is_handed_in(desk: Desk, drafts: DraftDesk) -> None:
    await desk.play(examining)
    session = await desk.session()
    for alias in (E1, E2):
        await drafts.save(session, alias, typed("A/form-1", "x"))
    verdicts = verdicts_of(ACTS, E1, lot_plan(L1, session.room))
    given = await desk.act(E1, HandInExamination(lot=L1, round=1, verdicts=verdicts))

    await drafts.forget(session, E1, given.signed)

    assert [len(await drafts.load(session, alias)) for alias in (E1, E2)] == [0, 1]
    assert not await desk.backend.store.ask("EXISTS", f"room:{{{desk.room_id}}}:draft:E1:L1/examination/1")


async def test_a_returned_sheet_has_cells_of_its_own_round(desk: Desk, drafts: DraftDesk) -> None:
    await desk.play(lambda room: L1 in room.lots and room.lots[L1].phase is Phase.PRICES)
    session = await desk.session()
    returned = ReturnSheet(lot=L1, stage=Stage.SCORING, member=E2, reason="请复核")
    await desk.act(E1, returned)

    await drafts.save(session, E2, typed("A/plan", "11.5", stage=Stage.SCORING, number=2))
    plan, bids = lot_plan(L1, session.room), session.room.lots[L1].admitted or ()
    assert [cell.round for cell in await drafts.load(session, E2)] == [2]
    points = points_of(ACTS, E2, plan.scheme, bids)
    given = await desk.act(E2, HandInScores(lot=L1, round=2, points=points))
    await drafts.forget(session, E2, given.signed)

    assert await drafts.load(session, E2) == ()


async def test_progress_is_passed_on_for_an_open_sheet_only(desk: Desk, drafts: DraftDesk) -> None:
    await desk.play(examining)
    session = await desk.session()
    shown = ShowProgress(lot=L1, stage=Stage.EXAMINATION, filled=3, total=48)

    told = drafts.progress(session, E1, shown)

    assert told == Progress(alias=E1, lot=L1, stage=Stage.EXAMINATION, filled=3, total=48)
    for alias, stage in ((W1, Stage.EXAMINATION), (E1, Stage.SCORING)):
        with pytest.raises(NothingToHandIn):
            drafts.progress(session, alias, ShowProgress(lot=L1, stage=stage, filled=3, total=48))
