import { describe, expect, it } from 'vitest';

import type { Cell } from '../protocol/generated';
import { DraftCells, type SheetRef } from './draftCells';

const SHEET: SheetRef = { lot: '1', stage: 'scoring', round: 1 };

function cell(value: string, version: number): Cell {
  return { ...SHEET, cell: 'A/t1', value, version };
}

function save(value: string, version: number): object {
  return { type: 'save_cell', ...cell(value, version) };
}

function shown(cells: DraftCells): unknown {
  return cells.of(SHEET).get('A/t1');
}

describe('DraftCells', () => {
  it('saves what is typed under the version after the known one', () => {
    const cells = new DraftCells();
    cells.handleWelcome([cell('12', 4)]);

    cells.type(SHEET, 'A/t1', '13');

    expect([cells.due(0), shown(cells), cells.unsaved]).toEqual([[save('13', 5)], { value: '13', isSaved: false }, 1]);
  });

  it('is saved when the server says so', () => {
    const cells = new DraftCells();
    cells.type(SHEET, 'A/t1', '13');
    cells.due(0);

    cells.handleSaved(cell('13', 1));

    expect([shown(cells), cells.unsaved, cells.due(10_000)]).toEqual([{ value: '13', isSaved: true }, 0, []]);
  });

  it('has one save on its way at most: what is typed meanwhile goes next', () => {
    const cells = new DraftCells();
    cells.type(SHEET, 'A/t1', '1');
    const sent = [cells.due(0)];
    cells.type(SHEET, 'A/t1', '13');
    cells.type(SHEET, 'A/t1', '13.');
    sent.push(cells.due(10));
    cells.handleSaved(cell('1', 1));
    sent.push(cells.due(20));

    expect([sent, shown(cells)]).toEqual([[[save('1', 1)], [], [save('13.', 2)]], { value: '13.', isSaved: false }]);
  });

  it('takes a change back that was on its way', () => {
    const cells = new DraftCells();
    cells.handleWelcome([cell('12', 1)]);
    cells.type(SHEET, 'A/t1', '13');
    cells.due(0);
    cells.type(SHEET, 'A/t1', '12');

    cells.handleSaved(cell('13', 2));

    expect([cells.due(10), shown(cells)]).toEqual([[save('12', 3)], { value: '12', isSaved: false }]);
  });

  it('sends the same save again after three seconds without an answer', () => {
    const cells = new DraftCells();
    cells.type(SHEET, 'A/t1', '13');
    cells.due(1000);
    cells.type(SHEET, 'A/t1', '14');

    expect([cells.timer, cells.due(3999), cells.due(4000), cells.timer]).toEqual([4000, [], [save('13', 1)], 7000]);
  });

  it('sends what was typed without a connection when there is one again', () => {
    const cells = new DraftCells();
    cells.handleWelcome([cell('12', 1)]);
    cells.type(SHEET, 'A/t1', '13');

    cells.handleWelcome([cell('12', 1)]);

    expect(cells.due(0)).toEqual([save('13', 2)]);
  });

  it('knows its own save again whose answer was lost', () => {
    const cells = new DraftCells();
    cells.type(SHEET, 'A/t1', '13');
    cells.due(0);
    cells.type(SHEET, 'A/t1', '14');

    cells.handleWelcome([cell('13', 1)]);

    expect([shown(cells), cells.due(0)]).toEqual([{ value: '14', isSaved: false }, [save('14', 2)]]);
  });

  it('gives way to what was typed at another device meanwhile', () => {
    const cells = new DraftCells();
    cells.handleWelcome([cell('12', 1)]);
    cells.type(SHEET, 'A/t1', '13');

    cells.handleWelcome([cell('20', 3)]);

    expect([shown(cells), cells.due(0)]).toEqual([{ value: '20', isSaved: true }, []]);
  });

  it('keeps what is typed when the answer to a save that was sent twice comes late', () => {
    const cells = new DraftCells();
    cells.type(SHEET, 'A/t1', '1');
    cells.due(0);
    cells.due(3000);
    cells.handleSaved(cell('1', 1));
    cells.type(SHEET, 'A/t1', '13');
    cells.due(3100);
    cells.type(SHEET, 'A/t1', '13.5');

    cells.handleSaved(cell('1', 2));
    cells.handleSaved(cell('13', 3));

    expect([shown(cells), cells.due(3200)]).toEqual([{ value: '13.5', isSaved: false }, [save('13.5', 4)]]);
  });

  it('sends a save again that the server held to be behind', () => {
    const cells = new DraftCells();
    cells.type(SHEET, 'A/t1', '13');
    cells.due(0);

    cells.handleSaved(cell('12', 4));

    expect([shown(cells), cells.due(3000)]).toEqual([{ value: '13', isSaved: false }, [save('13', 5)]]);
  });

  it('passes over news that are older than what it knows', () => {
    const cells = new DraftCells();
    cells.handleSaved(cell('20', 3));

    cells.handleSaved(cell('12', 2));

    expect(shown(cells)).toEqual({ value: '20', isSaved: true });
  });

  it('clears a cell with an empty text', () => {
    const cells = new DraftCells();
    cells.handleWelcome([cell('12', 1)]);

    cells.type(SHEET, 'A/t1', '');

    expect(cells.due(0)).toEqual([save('', 2)]);
  });

  it('keeps sheets apart, and forgets those that are not open any more', () => {
    const cells = new DraftCells();
    const other: SheetRef = { ...SHEET, round: 2 };
    cells.type(SHEET, 'A/t1', '1');
    cells.type(other, 'A/t1', '2');

    cells.keepOnly([other]);

    expect([cells.of(SHEET), cells.of(other)]).toEqual([
      new Map(),
      new Map([['A/t1', { value: '2', isSaved: false }]]),
    ]);
  });

  it.each([
    ['a', '评'.repeat(801)],
    ['a'.repeat(121), ''],
  ])('refuses more than the server keeps', (name, value) => {
    expect(() => {
      new DraftCells().type(SHEET, name, value);
    }).toThrow(RangeError);
  });

  it('counts whole characters', () => {
    const cells = new DraftCells();

    cells.type(SHEET, 'A/t1', '😀'.repeat(800));

    expect(cells.unsaved).toBe(1);
  });
});
