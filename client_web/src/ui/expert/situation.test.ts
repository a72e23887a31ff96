import { expect, test } from 'vitest';

import type { LotState, Phase, RoomView, Seat, StageState } from '../../protocol/generated';
import { EMPTY_VIEW } from '../../session/roomView';
import { EMPTY_LOT, seat } from '../../session/testWorld/views';
import { situationOf } from './situation';

const SEAT = seat('expert', { conflict: false, pledged: true });
const NONE: StageState = { rounds: [] };
const open = (...pending: string[]): StageState => ({ rounds: [{ pending, handed_in: [], revealed_at: null }] });
const REVEALED: StageState = { rounds: [{ pending: [], handed_in: ['E1'], revealed_at: 9 }] };

function lotIn(phase: Phase, examination = NONE, scoring = NONE): LotState {
  return { ...EMPTY_LOT, phase, stages: { examination, scoring } };
}

function view(phase: Phase, changes: Partial<Seat> = {}, more: Partial<RoomView> = {}): RoomView {
  return { ...EMPTY_VIEW, phase, seats: { E1: { ...SEAT, ...changes } }, ...more };
}

const ballots = (stage: StageState) => ({ election: { stage, ballots: {}, votes: {} } });
const lots = (lot: LotState) => ({ lots: { L1: lot } });

test.each([
  [view('closed'), 'closed'],
  [EMPTY_VIEW, 'enrolling'],
  [view('prepared', { key: null }), 'enrolling'],
  [view('prepared', { confirmed: false }), 'waiting_confirmation'],
  [view('prepared'), 'waiting_check_in'],
  [view('check_in', { conflict: null }), 'recusal'],
  [view('check_in', { conflict: true }), 'recused'],
  [view('check_in', { pledged: false }), 'pledge'],
  [view('check_in'), 'waiting_election'],
  [view('chair_election', {}, ballots(open('E1', 'E2'))), 'ballot'],
  [view('chair_election', {}, ballots(open('E2'))), 'waiting_ballots'],
  [view('evaluation', {}, lots(lotIn('examination', open('E1')))), 'examine'],
  [view('evaluation', {}, lots(lotIn('examination', open('E2')))), 'waiting_examinations'],
  [view('evaluation', {}, lots(lotIn('examination', REVEALED))), 'conclude'],
  [view('evaluation', { pledged: false }, lots(lotIn('examination', open('E1')))), 'pledge'],
  [view('evaluation', {}, lots(lotIn('scoring', REVEALED, open('E1')))), 'score'],
  [view('evaluation', {}, lots(lotIn('scoring', REVEALED, open('E2')))), 'waiting_scores'],
  [view('evaluation', {}, lots(lotIn('prices', REVEALED, REVEALED))), 'prices'],
  [view('evaluation', {}, lots(lotIn('summary', REVEALED, REVEALED))), 'summary'],
  [view('evaluation', {}, lots(lotIn('locked', REVEALED, REVEALED))), 'locked'],
  [view('evaluation', {}, { ...lots(lotIn('locked')), chair: 'E1' }), 'issue_report'],
  [view('evaluation', {}, { lots: { L1: lotIn('locked'), L2: lotIn('signing') }, chair: 'E1' }), 'issue_report'],
  [view('evaluation', {}, { lots: { L1: lotIn('locked'), L2: lotIn('summary') }, chair: 'E1' }), 'locked'],
  [view('evaluation', {}, lots(lotIn('signing'))), 'signing'],
  [view('evaluation', {}, lots(lotIn('sealed'))), 'sealed'],
  [view('closed', {}, lots(lotIn('sealed'))), 'closed'],
  [view('evaluation', {}, lots(lotIn('prepared'))), 'waiting_election'],
] as const)('situation %#', (room, expected) => {
  expect(situationOf(room, 'E1', 'L1')).toBe(expected);
});
