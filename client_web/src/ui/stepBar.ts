/** The steps of a sitting as the bar on top shows them. */

import type { Phase } from '../protocol/generated';

export const STEPS = [
  'check_in',
  'chair_election',
  'examination',
  'scoring',
  'prices',
  'summary',
  'locked',
  'signing',
  'sealed',
] as const;
export type StepName = (typeof STEPS)[number];

export interface StepMark {
  readonly step: StepName;
  readonly state: 'done' | 'current' | 'ahead';
}

/** Where a room and the lot that is looked at stand. */
export function stepMarks(room: Phase, lot: Phase | null): StepMark[] {
  const current = currentStep(room, lot);
  return STEPS.map((step, index) => ({ step, state: stateOf(index, current) }));
}

function stateOf(index: number, current: number): StepMark['state'] {
  if (index === current && index < STEPS.length - 1) return 'current';
  return index <= current ? 'done' : 'ahead'; // the last step is done once it is reached
}

/** Index of the step; -1 before the first. */
function currentStep(room: Phase, lot: Phase | null): number {
  const ofLot = STEPS.findIndex((step) => step === lot);
  return ofLot >= 0 ? ofLot : STEPS.findIndex((step) => step === room);
}
