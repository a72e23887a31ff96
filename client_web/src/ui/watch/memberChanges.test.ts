import { expect, test } from 'vitest';

import { parseLine } from '../../session/line';
import { GOLDEN_LOGS } from '../../session/testWorld/goldenLogs';
import { memberChanges } from './memberChanges';

test('the changes are told in their order, with reasons', () => {
  const lines = GOLDEN_LOGS.find(({ name }) => name === 'replaced-members')?.lines.map(parseLine) ?? [];

  const changes = memberChanges(lines);

  expect(changes).toHaveLength(2);
  expect(changes.map(({ seq }) => seq)).toEqual(changes.map(({ seq }) => seq).sort((a, b) => a - b));
  expect(changes.every(({ member, successor, reason }) => member !== successor && reason !== '')).toBe(true);
});
