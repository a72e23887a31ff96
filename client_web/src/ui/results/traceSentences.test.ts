import { expect, test } from 'vitest';

import type { Group } from '../../protocol/generated';
import { shortened, traceSentence } from './traceSentences';

const ROOT: Group = {
  kind: 'group',
  id: 'technical',
  title: '技术标',
  points: '40',
  children: [],
  gate: null,
  aggregation: null,
  weight: '1',
  rounding: null,
};
const STYLE = { separator: '、', bid: (bid: string) => `投标 ${bid}` };

test('a step becomes a sentence’s key and the values of its places', () => {
  const step = {
    code: 'mean',
    bid: 'A',
    node: 'technical',
    operands: { E1: '13', E2: '12.5' },
    result: '12.75',
  } as const;

  expect(traceSentence(step, ROOT, STYLE)).toEqual({
    key: 'trace.mean',
    values: {
      E1: '13',
      E2: '12.5',
      bid: '投标 A',
      node: '技术标',
      who: '',
      result: '12.75',
      list: 'E1 13、E2 12.5',
    },
  });
});

test('long decimals are shortened visibly', () => {
  expect(shortened('13.3333333333')).toBe('13.333333…');
  expect(shortened('13.333333')).toBe('13.333333');
  expect(shortened('13')).toBe('13');
});
