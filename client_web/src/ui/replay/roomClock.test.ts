import { expect, test } from 'vitest';

import { fullRoomClock, roomClock } from './roomClock';

const MORNING = Date.UTC(2026, 9, 17, 2, 42, 7);
const HOUR = 3_600_000;

test('a moment is told by the room’s clocks, with the day where there are two', () => {
  const oneDay = roomClock('Asia/Shanghai', { from: MORNING - HOUR, to: MORNING + HOUR });
  const twoDays = roomClock('Asia/Shanghai', { from: MORNING - 24 * HOUR, to: MORNING });

  expect([oneDay(MORNING), twoDays(MORNING)]).toEqual(['10:42:07', '10/17 10:42:07']);
  expect(fullRoomClock('Asia/Shanghai')(MORNING)).toBe('2026/10/17 10:42:07');
});
