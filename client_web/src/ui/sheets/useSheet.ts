/** The cells of one open sheet: read, written, kept at the server, and the room told how far it is. */

import { computed, watch, type ComputedRef } from 'vue';

import type { LotId, Stage } from '../../protocol/generated';
import { openRound } from '../committee';
import { cellKey, type RoomPort, type SheetRef, type TypedCell } from '../roomPort';

export interface OpenSheet {
  readonly sheet: ComputedRef<SheetRef>;
  /** What is typed in a cell; empty for none. */
  readonly read: (cell: string) => string;
  readonly stateOf: (cell: string) => TypedCell['state'] | null;
  readonly write: (cell: string, value: string) => void;
  /** Cells that are not at the server yet. */
  readonly unsaved: ComputedRef<number>;
}

/** The sheet of a stage that is asked for now. */
export function useSheet(room: RoomPort, lot: LotId, stage: Stage): OpenSheet {
  const sheet = computed(() => ({
    lot,
    stage,
    round: openRound(room.view.lots[lot]?.stages[stage])?.number ?? 1,
  }));
  const cellOf = (cell: string) => room.cells[cellKey(sheet.value, cell)];
  return {
    sheet,
    read: (cell) => cellOf(cell)?.value ?? '',
    stateOf: (cell) => cellOf(cell)?.state ?? null,
    write: (cell, value) => {
      room.saveCell(sheet.value, cell, value);
    },
    unsaved: computed(() => {
      const prefix = cellKey(sheet.value, '');
      return Object.entries(room.cells).filter(([key, { state }]) => key.startsWith(prefix) && state !== 'saved')
        .length;
    }),
  };
}

/** Tells the room how far the sheet is, now and with every change. */
export function useProgress(
  room: RoomPort,
  { sheet }: OpenSheet,
  filled: ComputedRef<number>,
  total: ComputedRef<number>,
) {
  watch(
    [filled, total],
    () => {
      room.showProgress(sheet.value, filled.value, total.value);
    },
    { immediate: true },
  );
}
