/**
 * Moving through a grid by keyboard.
 *
 * Enter and the down arrow go down a column and on to the top of the next one; Tab is the browser's own and goes right,
 * since the cells stand in the page row by row.
 */

export interface Place {
  readonly row: number;
  readonly column: number;
}

export interface GridSize {
  readonly rows: number;
  readonly columns: number;
}

/** A key as a grid sees it: with the caret at an edge of the text, or in a cell without text. */
export interface GridKey {
  readonly key: string;
  readonly shift: boolean;
  /** Nothing stands to the left of the caret. */
  readonly atStart: boolean;
  /** Nothing stands to the right of the caret. */
  readonly atEnd: boolean;
}

/** Where a key leads; null where it is left to the browser. */
export function moved(from: Place, size: GridSize, { key, shift, atStart, atEnd }: GridKey): Place | null {
  switch (key) {
    case 'Enter':
      return along(from, size, shift ? -1 : 1);
    case 'ArrowDown':
      return stepped(from, size, { row: 1, column: 0 });
    case 'ArrowUp':
      return stepped(from, size, { row: -1, column: 0 });
    case 'ArrowRight':
      return atEnd ? stepped(from, size, { row: 0, column: 1 }) : null;
    case 'ArrowLeft':
      return atStart ? stepped(from, size, { row: 0, column: -1 }) : null;
    default:
      return null;
  }
}

/** One cell further in a direction; null at the border. */
function stepped(from: Place, { rows, columns }: GridSize, by: Place): Place | null {
  const row = from.row + by.row;
  const column = from.column + by.column;
  return row >= 0 && row < rows && column >= 0 && column < columns ? { row, column } : null;
}

/** The next cell column by column. */
function along({ row, column }: Place, { rows, columns }: GridSize, by: 1 | -1): Place | null {
  const index = column * rows + row + by;
  return index >= 0 && index < rows * columns ? { row: index % rows, column: Math.floor(index / rows) } : null;
}
