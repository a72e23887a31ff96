/** Since when members are away: a page that is loaded anew is away for a moment, and no reason to look up. Pure. */

import type { Alias, Millis } from '../../protocol/generated';

/** So long a seat may be away before it is told. */
export const AWAY_AFTER_MS = 5_000;

/** By alias. */
export type Absences = ReadonlyMap<Alias, Millis>;

/** The absences after another look. */
export function observed(
  before: Absences,
  members: readonly Alias[],
  present: ReadonlySet<Alias>,
  now: Millis,
): Absences {
  const away = members.filter((alias) => !present.has(alias));
  if (away.length === before.size && away.every((alias) => before.has(alias))) return before;
  return new Map(away.map((alias) => [alias, before.get(alias) ?? now]));
}

/** Those who have been away for long enough to be told, and since when the first of them. */
export function longAway(
  absences: Absences,
  now: Millis,
): { readonly seats: readonly Alias[]; readonly since: Millis | null } {
  const long = [...absences].filter(([, since]) => now - since >= AWAY_AFTER_MS);
  return {
    seats: long.map(([alias]) => alias),
    since: long.length > 0 ? Math.min(...long.map(([, since]) => since)) : null,
  };
}
