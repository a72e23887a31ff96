/** A line speaks of a seat, lot, round or report that the lines before it do not have. */
export class LineOutOfPlace extends Error {
  override name = 'LineOutOfPlace';
}
