import asyncio

import pytest
import pytest_asyncio

from server.domain.ids import Alias, RoomId
from server.store.connection import Store
from server.store.drafts import DraftCell, Drafts, DraftSheet
from server.store.errors import SealBroken, StoreSilent
from server.store.rooms import Rooms
from tests.support.cutting_proxy import Cut, CuttingProxy


@pytest_asyncio.fixture
async def drafts(store: Store, rooms: Rooms) -> Drafts:
    return Drafts(store, rooms)


@pytest.fixture
def sheet(room: RoomId) -> DraftSheet:
    return DraftSheet(room=room, alias=Alias("E3"), sheet="lot-1/technical/1")


async def test_save_gives_the_cell_and_load_finds_it(drafts: Drafts, sheet: DraftSheet) -> None:
    assert await drafts.save(sheet, "A/quality", b"13.5", version=1) == DraftCell(value=b"13.5", version=1)
    assert await drafts.save(sheet, "A/quality", b"14", version=2) == DraftCell(value=b"14", version=2)
    await drafts.save(sheet, "B/质量", b"", version=1)

    assert await drafts.load(sheet) == {
        "A/quality": DraftCell(value=b"14", version=2),
        "B/质量": DraftCell(value=b"", version=1),
    }


async def test_save_by_a_page_that_is_behind_overwrites_nothing(drafts: Drafts, sheet: DraftSheet) -> None:
    await drafts.save(sheet, "A/quality", b"14", version=9)

    stands = await drafts.save(sheet, "A/quality", b"13", version=8)

    assert stands == DraftCell(value=b"14", version=9)
    assert await drafts.load(sheet) == {"A/quality": stands}


async def test_save_from_two_pages_lets_the_last_one_win_under_a_new_version(drafts: Drafts, sheet: DraftSheet) -> None:
    await drafts.save(sheet, "A/quality", b"first", version=10)

    assert await drafts.save(sheet, "A/quality", b"last", version=10) == DraftCell(value=b"last", version=11)


async def test_save_counts_every_write(drafts: Drafts, sheet: DraftSheet) -> None:
    cells = await asyncio.gather(*(drafts.save(sheet, "A/quality", b"%d" % n, version=20) for n in range(8)))

    written = {cell.version for cell in cells if cell.value == b"%d" % cells.index(cell)}
    assert written == {20} | {cell.version for cell in cells}
    assert len(await drafts.load(sheet)) == 1


async def test_sheets_of_other_people_lots_and_rounds_stay_apart(drafts: Drafts, sheet: DraftSheet) -> None:
    await drafts.save(sheet, "A/quality", b"14", version=1)

    others = [
        DraftSheet(room=sheet.room, alias=Alias("E4"), sheet=sheet.sheet),
        DraftSheet(room=sheet.room, alias=sheet.alias, sheet="lot-1/technical/2"),
    ]

    assert [await drafts.load(other) for other in others] == [{}, {}]


async def test_drafts_are_sealed_for_their_place(drafts: Drafts, sheet: DraftSheet, store: Store) -> None:
    await drafts.save(sheet, "A/quality", b"secret 14", version=1)
    stored = await store.ask("HGET", sheet.key, "A/quality")
    await store.ask("HSET", sheet.key, "B/quality", stored)

    assert b"secret" not in stored
    with pytest.raises(SealBroken, match="draft/E3/lot-1/technical/1/B/quality"):
        await drafts.load(sheet)


async def test_load_notices_a_cell_that_is_none(drafts: Drafts, sheet: DraftSheet, store: Store) -> None:
    await store.ask("HSET", sheet.key, "A/quality", b"nonsense")

    with pytest.raises(SealBroken):
        await drafts.load(sheet)


async def test_discard_forgets_the_sheet(drafts: Drafts, sheet: DraftSheet, store: Store) -> None:
    await drafts.save(sheet, "A/quality", b"14", version=1)

    await drafts.discard(sheet)

    assert (await drafts.load(sheet), await store.ask("EXISTS", sheet.key)) == ({}, 0)


@pytest.mark.parametrize("cut", list(Cut))
async def test_save_unanswered_may_be_sent_again(
    drafts: Drafts, sheet: DraftSheet, cut_store: Store, rooms: Rooms, proxy: CuttingProxy, cut: Cut
) -> None:
    proxy.cut(cut)
    through_proxy = Drafts(cut_store, rooms)

    with pytest.raises(StoreSilent):
        await through_proxy.save(sheet, "A/quality", b"14", version=1)
    stands = await through_proxy.save(sheet, "A/quality", b"14", version=1)

    assert stands.value == b"14"
    assert await drafts.load(sheet) == {"A/quality": stands}
