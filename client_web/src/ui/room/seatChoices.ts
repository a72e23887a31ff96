/** What a person has chosen for the own page, kept in this browser for this seat. */

import type { Alias, RoomId } from '../../protocol/generated';

export interface SeatChoices {
  /** Whether the microphone is open only while something is held. */
  readonly pushToTalk: boolean;
}

/** A seat of a room. */
export interface SeatAddress {
  readonly room: RoomId;
  readonly alias: Alias;
}

export const FIRST_CHOICES: SeatChoices = { pushToTalk: false };

/** What was chosen, with the first choice where nothing was, or nothing that this page knows. */
export function keptChoices(seat: SeatAddress, storage: Storage = localStorage): SeatChoices {
  const kept = read(storage.getItem(keyOf(seat)));
  return { pushToTalk: kept.pushToTalk === true };
}

export function keepChoices(seat: SeatAddress, choices: SeatChoices, storage: Storage = localStorage): void {
  storage.setItem(keyOf(seat), JSON.stringify(choices));
}

function keyOf({ room, alias }: SeatAddress): string {
  return `lianping.choices.${room}.${alias}`;
}

/** What stands there; nothing where it is damaged or of another page. */
function read(text: string | null): Partial<Record<keyof SeatChoices, unknown>> {
  try {
    const kept: unknown = JSON.parse(text ?? '{}');
    return typeof kept === 'object' && kept !== null ? kept : {};
  } catch {
    return {};
  }
}
