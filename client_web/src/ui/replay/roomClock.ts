/** Moments as the clocks of the room showed them. */

import type { Millis } from '../../protocol/generated';
import type { Span } from '../../replay/span';

/** Writes a moment: with the day where the sitting has more than one. */
export function roomClock(timeZone: string, { from, to }: Span): (at: Millis) => string {
  const day = new Intl.DateTimeFormat('zh-CN', { timeZone, month: '2-digit', day: '2-digit' });
  const time = new Intl.DateTimeFormat('zh-CN', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  const hasDays = day.format(from) !== day.format(to);
  return (at) => (hasDays ? `${day.format(at)} ${time.format(at)}` : time.format(at));
}
