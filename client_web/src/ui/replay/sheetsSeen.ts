/** The members' sheets of a stage at a moment: who had handed in, and whose sheet could be read. */

import type { Alias, LotId, RoomView, Stage } from '../../protocol/generated';
import type { Line } from '../../session/line';

export interface SheetSeen {
  readonly alias: Alias;
  /** `left`: the member left before handing in. */
  readonly state: 'pending' | 'handed_in' | 'left';
  /** The round of the sheet that can be read; null for none. */
  readonly readableRound: number | null;
  /** Whether a newer sheet was handed in than the one that can be read. */
  readonly isOlder: boolean;
}

/** In the order of the seats; `lines`: what the viewer held. */
export function sheetsSeen(view: RoomView, lines: readonly Line[], lot: LotId, stage: Stage): SheetSeen[] {
  const rounds = view.lots[lot]?.stages[stage]?.rounds ?? [];
  const readable = readableRounds(lines, lot, stage);
  return Object.keys(view.seats).flatMap((alias): SheetSeen[] => {
    const handedIn = rounds.flatMap(({ handed_in }, index) => (handed_in.includes(alias) ? [index + 1] : [])).at(-1);
    const isPending = rounds.at(-1)?.pending.includes(alias) ?? false;
    const readableRound = readable.get(alias) ?? null;
    if (handedIn === undefined && !isPending && readableRound === null) return [];
    const state = isPending ? 'pending' : handedIn === undefined ? 'left' : 'handed_in';
    return [{ alias, state, readableRound, isOlder: (handedIn ?? 0) > (readableRound ?? Infinity) }];
  });
}

function readableRounds(lines: readonly Line[], lot: LotId, stage: Stage): ReadonlyMap<Alias, number> {
  const type = stage === 'examination' ? 'sheet_examined' : 'sheet_scored';
  const rounds = new Map<Alias, number>();
  for (const { head, event } of lines) {
    if (event.type === type && event.lot === lot) rounds.set(head.by, event.round);
  }
  return rounds;
}
