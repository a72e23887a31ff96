import { expect, test } from 'vitest';

import { cellOfVerdict, cellValue, completeCount, findingOf, tallies, verdictsOf } from './examinationSheet';

const CHECKS = [
  { id: 'form', title: '投标函签字盖章', basis: '2.1.1' },
  { id: 'period', title: '投标有效期', basis: '2.1.3' },
];

test('a finding is kept in a cell and read back', () => {
  for (const finding of [{ is: 'open' }, { is: 'passed' }, { is: 'failed', reason: '未盖章' }] as const) {
    expect(findingOf(cellValue(finding))).toEqual(finding);
  }
  expect(findingOf(cellOfVerdict({ passed: false, reason: '未盖章' }))).toEqual({ is: 'failed', reason: '未盖章' });
  expect(findingOf(cellOfVerdict({ passed: true, reason: '' }))).toEqual({ is: 'passed' });
});

test('a failed check without a reason is not complete', () => {
  const typed: Record<string, string> = { 'A/form': 'pass', 'A/period': 'fail: ', 'B/form': 'fail:未盖章' };

  expect(completeCount(CHECKS, ['A', 'B'], (cell) => typed[cell] ?? '')).toBe(2);
});

test('a sheet is handed in with reasons where it fails a bid', () => {
  const typed: Record<string, string> = { 'A/form': 'pass', 'A/period': 'fail: 少于 90 天 ' };

  expect(verdictsOf(CHECKS, ['A'], (cell) => typed[cell] ?? '')).toEqual({
    A: { form: { passed: true, reason: '' }, period: { passed: false, reason: '少于 90 天' } },
  });
});

test('more than half rejects a bid, half does not', () => {
  const passed = { passed: true, reason: '' };
  const failed = { passed: false, reason: '未盖章' };
  const sheet = (verdict: typeof passed) => ({ A: { form: verdict, period: passed } });
  const verdicts = { E1: sheet(failed), E2: sheet(failed), E3: sheet(passed), E4: sheet(passed) };
  const against = [
    { member: 'E1', reason: '未盖章' },
    { member: 'E2', reason: '未盖章' },
  ];

  expect(tallies(CHECKS, ['A'], ['E1', 'E2', 'E3', 'E4'], verdicts)).toEqual([
    { bid: 'A', rejected: false, doubts: [{ check: 'form', against, decisive: false }] },
  ]);
  expect(tallies(CHECKS, ['A'], ['E1', 'E2', 'E3'], verdicts)).toEqual([
    { bid: 'A', rejected: true, doubts: [{ check: 'form', against, decisive: true }] },
  ]);
});
