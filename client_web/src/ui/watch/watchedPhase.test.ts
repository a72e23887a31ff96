import { expect, test } from 'vitest';

import { EMPTY_VIEW } from '../../session/roomView';
import { EMPTY_LOT } from '../../session/testWorld/views';
import { watchedPhase } from './watchedPhase';

test('in the evaluation it is the phase of the lot that is looked at', () => {
  const lots = { L1: { ...EMPTY_LOT, phase: 'scoring' as const }, L2: { ...EMPTY_LOT, phase: 'locked' as const } };

  expect(watchedPhase({ ...EMPTY_VIEW, phase: 'evaluation', lots }, 'L2')).toBe('locked');
  expect(watchedPhase({ ...EMPTY_VIEW, phase: 'evaluation', lots }, 'L9')).toBe('evaluation');
  expect(watchedPhase({ ...EMPTY_VIEW, phase: 'closed', lots }, 'L1')).toBe('closed');
});
