from server.reports.document import Column, Table
from server.reports.wide_tables import WideRow, wide_tables

HEAD = Column(title="项目", share=1)


def row(*cells: str) -> WideRow:
    return WideRow(heads=("甲",), cells=cells)


def cut(titles: list[str], *rows: WideRow) -> list[Table]:
    return list(wide_tables("表", (HEAD,), titles, rows))


def test_what_fits_stays_one_table() -> None:
    [table] = cut(["A", "B"], row("1", "2"), WideRow(heads=("乙",), cells=("3", "4"), strong=True))

    assert [column.title for column in table.columns] == ["项目", "A", "B"]
    assert (table.title, table.rows, table.strong) == ("表", (("甲", "1", "2"), ("乙", "3", "4")), (1,))


def test_many_columns_become_even_parts_that_repeat_the_heads() -> None:
    titles = [f"A{place}" for place in range(10)]

    tables = cut(titles, row(*titles))

    assert [table.title for table in tables] == ["表", "表（续）"]
    assert [table.rows for table in tables] == [(("甲", *titles[:5]),), (("甲", *titles[5:]),)]


def test_long_numbers_leave_room_for_fewer_columns() -> None:
    assert [len(table.columns) - 1 for table in cut(list("ABCDEFGH"), row(*["13.666666…"] * 8))] == [4, 4]


def test_nothing_makes_no_table() -> None:
    assert cut([], row()) == cut(["A"]) == []
