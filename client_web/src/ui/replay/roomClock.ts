/** Moments as the clocks of the room showed them. */

import type { Millis } from '../../protocol/generated';
import type { Span } from '../../replay/span';

const TIME = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
const DAY = { month: '2-digit', day: '2-digit' } as const;

/** Writes a moment: with the day where the sitting has more than one. */
export function roomClock(timeZone: string, { from, to }: Span): (at: Millis) => string {
  const day = new Intl.DateTimeFormat('zh-CN', { timeZone, ...DAY });
  const time = new Intl.DateTimeFormat('zh-CN', { timeZone, ...TIME });
  const hasDays = day.format(from) !== day.format(to);
  return (at) => (hasDays ? `${day.format(at)} ${time.format(at)}` : time.format(at));
}

/** Writes a moment with its whole date. */
export function fullRoomClock(timeZone: string): (at: Millis) => string {
  const date = new Intl.DateTimeFormat('zh-CN', { timeZone, year: 'numeric', ...DAY });
  const time = new Intl.DateTimeFormat('zh-CN', { timeZone, ...TIME });
  return (at) => `${date.format(at)} ${time.format(at)}`;
}
