"""Tables that grow to the right, cut so that each part fits the width of a page."""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from server.reports.document import Column, Table

MOST_COLUMNS: Final = 9
"Beside the heads, on an upright A4 page."

LINE_CHARACTERS: Final = 66
"Digits that fit beside the heads, blanks between columns included."


class WideRow(Struct, kw_only=True, frozen=True):
    """A row: its heads, which every part repeats, and one cell a column."""

    heads: tuple[str, ...]
    cells: tuple[str, ...]
    strong: bool = False


def wide_tables(
    title: str, heads: tuple[Column, ...], titles: Sequence[str], rows: Sequence[WideRow]
) -> Iterator[Table]:
    """One table, or several that repeat the heads of the rows; the parts are as even as can be."""
    if not titles or not rows:
        return
    longest = max(len(text) for row in rows for text in (*titles, *row.cells))
    fitting = max(1, min(MOST_COLUMNS, LINE_CHARACTERS // max(longest, 1)))
    parts = -(-len(titles) // fitting)
    width = -(-len(titles) // parts)
    heads = tuple(replace(head, share=3 * head.share) for head in heads)
    strong = tuple(place for place, row in enumerate(rows) if row.strong)
    for start in range(0, len(titles), width):
        named = title if start == 0 else f"{title}（续）"
        columns = (*heads, *(Column(title=each, align="right", share=1) for each in titles[start : start + width]))
        cells = tuple((*row.heads, *row.cells[start : start + width]) for row in rows)
        yield Table(title=named, columns=columns, rows=cells, strong=strong)
