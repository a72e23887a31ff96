import { expect, test } from 'vitest';

import type { Group } from '../../protocol/generated';
import { criteriaUnder, scoredCriteria, titleOf } from './criteria';
import { filled, fullTotal, pointsOf, problemOf, totalOf } from './scoreSheet';

const NO_ROUNDING = { rounding: null } as const;
const item = (id: string, max: string, unit: string, weight = '1') =>
  ({
    kind: 'members',
    id,
    title: `项目 ${id}`,
    max_points: max,
    min_points: '0',
    unit,
    objective: false,
    weight,
    ...NO_ROUNDING,
  }) as const;
const group = (id: string, children: Group['children'], weight = '1'): Group => ({
  kind: 'group',
  id,
  title: `组 ${id}`,
  points: '100',
  children,
  gate: null,
  aggregation: null,
  weight,
  ...NO_ROUNDING,
});

const given = {
  kind: 'given',
  id: 'credit',
  title: '信用',
  max_points: '5',
  min_points: '0',
  unit: '0.5',
  weight: '1',
  ...NO_ROUNDING,
} as const;
const ROOT = group('total', [group('technical', [item('plan', '15', '0.5'), item('team', '10', '1')], '0.4'), given]);
const CRITERIA = scoredCriteria(ROOT);
const [PLAN] = CRITERIA;

test('a sheet asks for the members’ criteria, each with its path and its weight on the way up', () => {
  expect(CRITERIA.map(({ criterion, path, factor }) => [criterion.id, path, factor])).toEqual([
    ['plan', ['组 technical'], { units: 4n, places: 1 }],
    ['team', ['组 technical'], { units: 4n, places: 1 }],
  ]);
  expect(criteriaUnder(ROOT, 'technical')).toEqual(['plan', 'team']);
  expect(titleOf(ROOT, 'plan')).toBe('项目 plan');
  expect(titleOf(ROOT, 'none')).toBe('none');
});

test.each([
  ['', null],
  ['13.5', null],
  ['0', null],
  ['15.00', null],
  ['十三', { code: 'malformed' }],
  ['13.', { code: 'malformed' }],
  ['13.500', { code: 'places' }],
  ['15.5', { code: 'out_of_range', min: '0', max: '15' }],
  ['-1', { code: 'out_of_range', min: '0', max: '15' }],
  ['13.3', { code: 'off_unit', unit: '0.5' }],
])('%j typed for a criterion of 0 to 15 in steps of 0.5: %o', (text, problem) => {
  expect(problemOf(item('plan', '15', '0.5'), text)).toEqual(problem);
});

test('progress and totals count good cells only', () => {
  const typed: Record<string, string> = { 'A/plan': '13.5', 'A/team': '11', 'B/plan': '10', 'B/team': '8' };
  const read = (cell: string) => typed[cell] ?? '';

  expect(filled(CRITERIA, ['A', 'B'], read)).toBe(3);
  expect(totalOf(CRITERIA, 'A', read)).toBe('5.4');
  expect(totalOf(CRITERIA, 'B', read)).toBe('7.2');
  expect(fullTotal(CRITERIA)).toBe('10');
});

test('a sheet is handed in as typed', () => {
  expect(pointsOf(PLAN ? [PLAN] : [], ['A', 'B'], (cell) => (cell === 'A/plan' ? '13.5' : '9'))).toEqual({
    A: { plan: '13.5' },
    B: { plan: '9' },
  });
});
