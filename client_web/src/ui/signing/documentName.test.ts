import { expect, test } from 'vitest';

import type { RoomOpened } from '../../protocol/generated';
import { documentName } from './documentName';

function opening(title: string, ...lots: string[]): { opening: RoomOpened } {
  const planned = Object.fromEntries(lots.map((name, index) => [`L${index + 1}`, { title: name }]));
  return { opening: { title, lots: planned } as unknown as RoomOpened };
}

test('a document is named after tender, lot and what it is', () => {
  expect(documentName(opening('河道治理', '一标段'), 'L1', '评标报告')).toBe('河道治理 评标报告');
  expect(documentName(opening('河道治理', '一标段', '二标段'), 'L2', '评标报告')).toBe('河道治理 二标段 评标报告');
});

test('a name holds nothing that a file system refuses', () => {
  expect(documentName(opening('A/B: "C"?', '一'), 'L1', '评标报告')).toBe('A B   C   评标报告');
  expect(documentName({ opening: null }, 'L1', '评标报告')).toBe('评标报告');
});
