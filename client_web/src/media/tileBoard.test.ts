import { describe, expect, it } from 'vitest';

import { readOffer } from './negotiation';
import { TileBoard } from './tileBoard';
import { offerOf, ssrcOf } from './testWorld/sdp';

const LINES = readOffer(offerOf(['W1', 'E3']));
const STREAM = new EventTarget() as unknown as MediaStream;

describe('TileBoard', () => {
  it('has a waiting tile for each source before anything has come', () => {
    expect(new TileBoard().tiles(LINES, new Map([['E3', STREAM]]))).toEqual([
      { alias: 'W1', stream: null, audio: 'waiting', video: 'waiting', speaking: false },
      { alias: 'E3', stream: STREAM, audio: 'waiting', video: 'waiting', speaking: false },
    ]);
  });

  it('tells for each source which track comes and whether it speaks', () => {
    const board = new TileBoard();
    const counts = new Map([
      [ssrcOf(0, 'audio'), { packets: 10, level: 0.3 }],
      [ssrcOf(1, 'video'), { packets: 10, level: 0 }],
    ]);

    board.observe(LINES, counts, () => true, 0);

    expect(board.tiles(LINES, new Map())).toEqual([
      { alias: 'W1', stream: null, audio: 'flowing', video: 'waiting', speaking: true },
      { alias: 'E3', stream: null, audio: 'waiting', video: 'flowing', speaking: false },
    ]);
  });

  it('alarms about a silent track only where it is expected', () => {
    const board = new TileBoard();
    const counts = new Map([0, 1].map((place) => [ssrcOf(place, 'audio'), { packets: 10, level: 0.3 }]));

    board.observe(LINES, counts, () => true, 0);
    board.observe(LINES, counts, (source) => source === 'W1', 3000);

    expect(board.tiles(LINES, new Map()).map(({ audio, speaking }) => [audio, speaking])).toEqual([
      ['stalled', false],
      ['waiting', false],
    ]);
  });
});
