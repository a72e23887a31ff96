import { expect, test } from 'vitest';

import { connectionName } from './useConnection';

test('a short break is reconnecting, a long one an interruption', () => {
  const broken = { state: 'reconnecting', since: 1_000_000 } as const;

  expect(connectionName(broken, 1_020_000)).toBe('reconnecting');
  expect(connectionName(broken, 1_020_001)).toBe('interrupted');
  expect(connectionName({ state: 'open' }, 1_020_001)).toBe('open');
});
