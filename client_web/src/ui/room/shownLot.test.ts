import { expect, test } from 'vitest';

import type { Phase, RoomOpened, RoomView } from '../../protocol/generated';
import { EMPTY_VIEW } from '../../session/roomView';
import { EMPTY_LOT } from '../../session/testWorld/views';
import { shownLot } from './shownLot';

function view(...phases: Phase[]): RoomView {
  const ids = phases.map((phase, index) => [`L${index + 1}`, { ...EMPTY_LOT, phase }] as const);
  const lots = Object.fromEntries(ids);
  return { ...EMPTY_VIEW, opening: { lots } as unknown as RoomOpened, lots };
}

test.each<[Phase[], string | null, string]>([
  [['prepared', 'prepared'], null, 'L1'],
  [['locked', 'scoring'], 'L1', 'L2'],
  [['scoring', 'examination'], 'L2', 'L2'],
  [['locked', 'locked'], 'L2', 'L1'],
  [['locked', 'signing'], 'L1', 'L2'],
  [['signing', 'signing'], 'L2', 'L2'],
  [['sealed', 'signing'], 'L1', 'L2'],
  [['locked', 'sealed'], 'L2', 'L1'],
  [['sealed', 'sealed'], 'L2', 'L2'],
  [['sealed', 'sealed'], null, 'L1'],
  [[], null, ''],
])('of lots in %s, with %s shown, %s is shown', (phases, now, expected) => {
  expect(shownLot(view(...phases), now)).toBe(expected);
});
