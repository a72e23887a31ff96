import { expect, test } from 'vitest';

import { clockFormat } from './useClockFormat';

test('a time of day is that of the room, to the second', () => {
  const at = Date.UTC(2026, 0, 1, 16, 5, 9);

  expect(clockFormat('Asia/Shanghai').format(at)).toBe('00:05:09');
  expect(clockFormat('UTC').format(at)).toBe('16:05:09');
});
