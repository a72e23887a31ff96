import { expect, test } from 'vitest';

import type { LotState, Role, RoomView } from '../../protocol/generated';
import { GOLDEN_LOGS } from '../../session/testWorld/goldenLogs';
import { shelfOf } from './bidShelf';

const VIEWS = GOLDEN_LOGS.find(({ name }) => name === 'signed-reports')?.views ?? {};
const ROLES: readonly Role[] = [
  'expert',
  'representative',
  'supervisor',
  'auditor',
  'witness',
  'agent',
  'host_operator',
];

function view(alias: string, change: Partial<LotState> = {}): RoomView {
  const seen = VIEWS[alias]?.view;
  const lot = seen?.lots['L1'];
  if (seen === undefined || lot === undefined) throw new Error(`There is no view of ${alias}.`);
  return { ...seen, lots: { ...seen.lots, L1: { ...lot, ...change } } };
}

test('a member finds the files of every bid, in the order of the tender', () => {
  const shelf = shelfOf(view('E1'), 'L1', 'expert');

  expect(shelf?.map(({ bid, title, files }) => [bid, title, files.length])).toEqual([
    ['A', '投标文件 A', 1],
    ['B', '投标文件 B', 1],
    ['C', '投标文件 C', 1],
  ]);
  expect(shelf?.[1]?.files).toBe(view('E1').lots['L1']?.files['B']);
});

test('before the examination there is no shelf for anybody', () => {
  const early = view('E1', { files: {}, opened_at: null });

  expect(ROLES.map((role) => shelfOf(early, 'L1', role))).toEqual(ROLES.map(() => null));
});

test('only those who would see files are told that there are none', () => {
  const none = view('E1', { files: {} });

  expect(ROLES.filter((role) => shelfOf(none, 'L1', role) !== null)).toEqual([
    'expert',
    'representative',
    'supervisor',
  ]);
  expect(shelfOf(none, 'L1', 'expert')).toEqual([]);
});

test('whoever holds the lines has a shelf, whatever the role', () => {
  expect(shelfOf(view('*'), 'L1', 'auditor')).toHaveLength(3);
});

test('a lot that is not there has no shelf', () => {
  expect(shelfOf(view('E1'), 'L9', 'expert')).toBeNull();
});
