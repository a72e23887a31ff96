/** The pauses of a sitting, from its marks. */

import type { Mark } from '../../replay/replayTable';
import type { Span } from '../../replay/span';

/** Each ends where the room went on, or was closed. */
export function pauses(marks: readonly Mark[]): Span[] {
  const found: Span[] = [];
  let from: number | null = null;
  for (const { code, at } of marks) {
    if (code === 'pause') from = at;
    if (from === null || (code !== 'resume' && code !== 'close')) continue;
    found.push({ from, to: at });
    from = null;
  }
  return found;
}
