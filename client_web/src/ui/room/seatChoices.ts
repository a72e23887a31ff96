/** What a person has chosen for the own page, kept in this browser for this seat. */

import type { Alias, RoomId } from '../../protocol/generated';
import { LAYOUTS, type Layout } from './wallLayout';

/** In hundredths of what the machine plays at most. */
export const FULL_VOLUME = 100;

export interface SeatChoices {
  /** Whether the microphone is open only while something is held. */
  readonly pushToTalk: boolean;
  readonly layout: Layout;
  /** Whose picture is kept large. */
  readonly pinned: Alias | null;
  /** How loud others are, 0 to `FULL_VOLUME`; who is not named is as loud as can be. */
  readonly volumes: Readonly<Record<Alias, number>>;
}

/** A seat of a room. */
export interface SeatAddress {
  readonly room: RoomId;
  readonly alias: Alias;
}

export const FIRST_CHOICES: SeatChoices = { pushToTalk: false, layout: 'documents', pinned: null, volumes: {} };

/** What was chosen, with the first choice where nothing was, or nothing that this page knows. */
export function keptChoices(seat: SeatAddress, storage: Storage = localStorage): SeatChoices {
  const { pushToTalk, layout, pinned, volumes } = read(storage.getItem(keyOf(seat)));
  return {
    pushToTalk: pushToTalk === true,
    layout: LAYOUTS.find((each) => each === layout) ?? FIRST_CHOICES.layout,
    pinned: typeof pinned === 'string' ? pinned : null,
    volumes: Object.fromEntries(Object.entries(volumes ?? {}).filter(isVolume)),
  };
}

export function keepChoices(seat: SeatAddress, choices: SeatChoices, storage: Storage = localStorage): void {
  storage.setItem(keyOf(seat), JSON.stringify(choices));
}

function keyOf({ room, alias }: SeatAddress): string {
  return `lianping.choices.${room}.${alias}`;
}

function isVolume(kept: [string, unknown]): kept is [Alias, number] {
  return typeof kept[1] === 'number' && kept[1] >= 0 && kept[1] <= FULL_VOLUME;
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
