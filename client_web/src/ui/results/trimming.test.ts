import { expect, test } from 'vitest';

import type { Group, Step } from '../../protocol/generated';
import { trimmedPoints } from './trimming';

const item = (id: string) =>
  ({
    kind: 'members',
    id,
    title: id,
    max_points: '10',
    min_points: '0',
    unit: '1',
    objective: false,
    weight: '1',
    rounding: null,
  }) as const;
const ROOT: Group = {
  kind: 'group',
  id: 'total',
  title: '总分',
  points: '20',
  children: [item('plan'), item('team')],
  gate: null,
  aggregation: null,
  weight: '1',
  rounding: null,
};

test('points are marked by item, by total and for a member as a whole', () => {
  const trace: Step[] = [
    { code: 'highest_dropped', bid: 'A', node: 'plan', who: 'E1', result: '10' },
    { code: 'lowest_dropped', bid: 'B', node: 'total', who: 'E2', result: '3' },
    { code: 'widest_member_dropped', node: 'total', who: 'E3', operands: { E3: '9' }, result: '9' },
    { code: 'highest_dropped', bid: 'A', result: '13656' },
    { code: 'mean', bid: 'A', node: 'plan', operands: { E2: '8' }, result: '8' },
  ];

  const trimmed = trimmedPoints(trace, ROOT);

  expect(trimmed('A', 'plan', 'E1')).toBe('highest');
  expect(trimmed('A', 'team', 'E1')).toBeNull();
  expect(trimmed('B', 'plan', 'E2')).toBe('lowest');
  expect(trimmed('B', 'team', 'E2')).toBe('lowest');
  expect(trimmed('A', 'team', 'E3')).toBe('widest');
});
