import { describe, expect, test } from 'vitest';

import { goldenReplay } from '../../replay/testWorld/goldenReplays';
import { EMPTY_VIEW } from '../../session/roomView';
import { replayPort } from './replayPort';
import { useReplay } from './useReplay';

const golden = goldenReplay('plain');

const PROOF = { verified: null, witnessed: 0, cosigners: [] };
const ROOM = replayPort({ proof: PROOF, rawLine: () => undefined }, EMPTY_VIEW, golden.lines);

function replay() {
  return useReplay(ROOM, golden.table);
}

test('it begins at the end, with the whole record', () => {
  const { port, size, viewer } = replay();

  expect([size.value, port.value.view.phase, viewer.value]).toEqual([golden.lines.length, 'closed', null]);
});

describe('whose eyes', () => {
  test('a member before the reveal has the own points only, the record has those that were handed in', () => {
    const { port, lookAs, goToLine } = replay();
    const sheets = golden.lines.filter(({ event }) => event.type === 'sheet_scored');
    goToLine(sheets[1]?.head.seq ?? 0);
    const whole = Object.keys(port.value.view.lots['L1']?.points ?? {});

    lookAs('E2');

    expect([whole, Object.keys(port.value.view.lots['L1']?.points ?? {})]).toEqual([['E1', 'E2'], ['E2']]);
  });
});

describe('moving', () => {
  test('step by step, to marks, to a moment, and never beyond the ends', () => {
    const { steps, marks, cursor, goToStep, goToMark, moveTo } = replay();
    goToStep(-5);
    expect(cursor.value.step).toBe(0);
    goToMark(1);
    expect(marks.map(({ seq }) => seq)).toContain(steps[cursor.value.step]?.first);
    const first = cursor.value.step;
    goToMark(1);
    goToMark(-1);
    expect(cursor.value.step).toBe(first);
    moveTo((steps[7]?.at ?? 0) + 1);
    expect(cursor.value).toEqual({ at: (steps[7]?.at ?? 0) + 1, step: 7 });
    moveTo(Infinity);
    expect(cursor.value.step).toBe(steps.length - 1);
    goToMark(1);
    expect(cursor.value.step).toBe(steps.length - 1);
  });
});

describe('zooming', () => {
  test('the span is that of the stretch, half, double or the whole, and follows the moment', () => {
    const { span, whole, cursor, steps, zoom, goToStep, moveTo } = replay();
    moveTo((whole.from + whole.to) / 2);
    zoom('in');
    expect(span.value.to - span.value.from).toBe((whole.to - whole.from) / 2);
    zoom('out');
    expect(span.value).toEqual(whole);
    zoom('stretch');
    expect(span.value.from).toBeLessThanOrEqual(cursor.value.at);
    expect(span.value.to).toBeGreaterThan(cursor.value.at);
    goToStep(0);
    expect(span.value.from).toBe(steps[0]?.at);
    zoom('whole');
    expect(span.value).toEqual(whole);
  });
});

test('nothing can be asked of the past', async () => {
  const { port } = replay();

  expect(await port.value.submit({ type: 'make_pledge' })).toEqual({ accepted: false, code: 'wrong_phase' });
});
