/**
 * A room as one alias saw it at any moment: the same fold over the lines that had come to the alias by then.
 *
 * Most of the time lines only come at the end, and a view grows out of an earlier one. Where older lines open, the fold
 * begins again, as it did on the alias's own page. Views are kept here and there, so that a person can drag the clock.
 */

import type { RoomView, Seq } from '../protocol/generated';
import { fold } from '../session/fold';
import type { Line } from '../session/line';
import { EMPTY_VIEW } from '../session/roomView';
import type { Since } from './replayTable';

/** Lines between two kept views; folding so many takes about a millisecond. */
const KEPT_EVERY = 64;

export class Perspective {
  readonly #lines: readonly Line[];
  readonly #since: Since;
  /** Sizes of the record at which older lines open, rising; the first is nothing at all. */
  readonly #breaks: readonly number[];
  /** Views by size of the record. */
  readonly #kept = new Map<number, RoomView>();

  /** `lines`: the whole record, each line in its place. */
  constructor(lines: readonly Line[], since: Since) {
    this.#lines = lines;
    this.#since = since;
    const openers = new Set(since.filter((when, seq) => when !== seq && when !== Infinity));
    this.#breaks = [0, ...[...openers].sort((a, b) => a - b).map((when) => when + 1)];
  }

  /** Whether the alias held a line when the record had so many lines. */
  sees(seq: Seq, size: number): boolean {
    return (this.#since[seq] ?? Infinity) < size;
  }

  /** The lines that the alias held when the record had so many lines, in their order in the record. */
  linesAt(size: number): Line[] {
    return this.#lines.slice(0, size).filter((_, seq) => this.sees(seq, size));
  }

  /** What the alias's page showed when the record had so many lines; the same object for the same size. */
  viewAt(size: number): RoomView {
    const known = this.#kept.get(size);
    if (known !== undefined) return known;
    const start = this.#breaks.filter((each) => each <= size).at(-1) ?? 0;
    const before = Math.max(start, Math.floor((size - 1) / KEPT_EVERY) * KEPT_EVERY);
    const view =
      before < size && before > start ? this.#grown(this.viewAt(before), before, size) : this.#base(start, size);
    this.#kept.set(size, view);
    return view;
  }

  /** From the beginning of a stretch in which nothing older opens. */
  #base(start: number, size: number): RoomView {
    if (start === size) return fold(this.linesAt(size), EMPTY_VIEW);
    return this.#grown(this.viewAt(start), start, size);
  }

  #grown(view: RoomView, from: number, size: number): RoomView {
    return fold(
      this.#lines.slice(from, size).filter((_, place) => this.sees(from + place, size)),
      view,
    );
  }
}
