/**
 * What the person has typed and not handed in: sent to the server as it changes, again after a lost connection.
 *
 * A cell has one save on its way at most; what is typed meanwhile goes with the next one, so the round trip itself
 * keeps the pace. A value that the server holds at a welcome, under a version that this page did not make, is newer than
 * what stands here (the person typed it at another device) and replaces it; while connected, what is typed here stands.
 */

import {
  CELL_NAME_LIMIT,
  CELL_VALUE_LIMIT,
  type Cell,
  type LotId,
  type SaveCell,
  type Stage,
} from '../protocol/generated';

/** A sheet of a lot that is being filled in. */
export interface SheetRef {
  readonly lot: LotId;
  readonly stage: Stage;
  readonly round: number;
}

/** A cell as the page shows it. */
export interface DraftCell {
  readonly value: string;
  /** Whether the server keeps this very value. */
  readonly isSaved: boolean;
}

/** A save without an answer is sent again after so long. */
const RESEND_MS = 3000;

interface Entry {
  readonly sheet: SheetRef;
  readonly cell: string;
  value: string;
  /** What the server keeps; null before it has said so. */
  kept: string | null;
  version: number;
  sending: { readonly value: string; readonly at: number } | null;
}

/** The cells of one person. */
export class DraftCells {
  readonly #entries = new Map<string, Entry>();

  /** How many cells the server does not keep yet. */
  get unsaved(): number {
    return [...this.#entries.values()].filter(isUnsaved).length;
  }

  /** When a save has to be sent again, by the clock of `due`. */
  get timer(): number {
    const times = [...this.#entries.values()].flatMap(({ sending }) => (sending ? [sending.at + RESEND_MS] : []));
    return Math.min(...times); // infinity for none
  }

  /** The cells of a sheet by name. */
  of({ lot, stage, round }: SheetRef): ReadonlyMap<string, DraftCell> {
    const cells = [...this.#entries.values()].filter(
      ({ sheet }) => sheet.lot === lot && sheet.stage === stage && sheet.round === round,
    );
    return new Map(cells.map((entry) => [entry.cell, { value: entry.value, isSaved: !isUnsaved(entry) }]));
  }

  /**
   * The person has typed; empty clears the cell.
   *
   * @throws {RangeError} if name or value is longer than the server keeps.
   */
  type(sheet: SheetRef, cell: string, value: string): void {
    if (charactersOf(cell) > CELL_NAME_LIMIT) throw new RangeError(`A cell's name of ${cell.length} characters.`);
    if (charactersOf(value) > CELL_VALUE_LIMIT) throw new RangeError(`A cell of ${value.length} characters.`);
    this.#entry(sheet, cell).value = value;
  }

  /** The saves that are to be sent now. */
  due(now: number): SaveCell[] {
    return [...this.#entries.values()].flatMap((entry) => {
      const { sheet, cell, version, sending } = entry;
      if (sending === null ? !isUnsaved(entry) : now < sending.at + RESEND_MS) return [];
      const value = sending?.value ?? entry.value; // the same again: its answer may only be late
      entry.sending = { value, at: now };
      return [{ type: 'save_cell', ...sheet, cell, value, version: version + 1 }];
    });
  }

  /** A connection begins: the server has told what it keeps, and no earlier save will be answered any more. */
  handleWelcome(cells: readonly Cell[]): void {
    for (const { cell, value, version, ...sheet } of cells) {
      const entry = this.#entry(sheet, cell);
      const isMine = entry.sending?.value === value || version === entry.version;
      if (!isMine) entry.value = value;
      entry.kept = value;
      entry.version = version;
    }
    for (const entry of this.#entries.values()) entry.sending = null;
  }

  /** The server keeps a cell: the answer to a save of this page, since a seat has one connection at a time. */
  handleSaved({ cell, value, version, ...sheet }: Cell): void {
    const entry = this.#entry(sheet, cell);
    if (version < entry.version) return;
    const isTyped = entry.sending !== null || isUnsaved(entry);
    if (!isTyped) entry.value = value;
    if (entry.sending?.value === value) entry.sending = null;
    entry.kept = value;
    entry.version = version;
  }

  /** Forgets the cells of every sheet but these: the others have been handed in. */
  keepOnly(open: readonly { readonly lot: LotId | null; readonly stage: Stage; readonly round: number }[]): void {
    for (const [place, { sheet }] of this.#entries) {
      const isOpen = open.some((o) => o.lot === sheet.lot && o.stage === sheet.stage && o.round === sheet.round);
      if (!isOpen) this.#entries.delete(place);
    }
  }

  #entry(sheet: SheetRef, cell: string): Entry {
    const { lot, stage, round } = sheet;
    const place = JSON.stringify([lot, stage, round, cell]);
    const known = this.#entries.get(place);
    if (known !== undefined) return known;
    const fresh = { sheet: { lot, stage, round }, cell, value: '', kept: null, version: 0, sending: null };
    this.#entries.set(place, fresh);
    return fresh;
  }
}

function isUnsaved({ value, kept }: Entry): boolean {
  return value !== (kept ?? '');
}

/** As the server counts: whole characters, not halves of them. */
function charactersOf(text: string): number {
  return Array.from(text).length;
}
