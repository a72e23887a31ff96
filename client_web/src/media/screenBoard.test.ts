import { describe, expect, it } from 'vitest';

import { readOffer } from './negotiation';
import { ScreenBoard } from './screenBoard';
import { offerOf, screenSsrcOf } from './testWorld/sdp';

const LINES = readOffer(offerOf(['H1', 'E3'], undefined, ['H1', 'A1']));
const STREAM = { id: 'H1-screen' } as MediaStream;

function counts(packets: number): ReadonlyMap<number, { packets: number; level: number }> {
  return new Map([[screenSsrcOf(0), { packets, level: 0 }]]);
}

describe('ScreenBoard', () => {
  it('has a screen for each line of one, and none for the seats', () => {
    const board = new ScreenBoard();

    expect(board.screens(LINES, new Map([['H1-screen', STREAM]]), new Set(['A1']), () => null)).toEqual([
      { alias: 'H1', stream: STREAM, state: 'waiting', isPaused: false, isShown: false },
      { alias: 'A1', stream: null, state: 'waiting', isPaused: true, isShown: false },
    ]);
  });

  it('tells one that comes, and one that ought to and does not', () => {
    const board = new ScreenBoard();
    const shown = { camera: 'on', microphone: 'on', hand: null, screen: true } as const;
    const stateOf = (): unknown => board.screens(LINES, new Map(), new Set(), () => shown)[0];

    board.observe(LINES, counts(4), () => true, 0);
    expect(stateOf()).toMatchObject({ state: 'flowing', isShown: true });

    board.observe(LINES, counts(4), () => true, 3000);
    expect(stateOf()).toMatchObject({ state: 'stalled' });

    board.observe(LINES, counts(4), () => false, 3400);
    expect(stateOf()).toMatchObject({ state: 'waiting' });
  });
});
