import { describe, expect, it } from 'vitest';

import { readOffer } from './negotiation';
import { TileBoard } from './tileBoard';
import { offerOf, ssrcOf } from './testWorld/sdp';

const LINES = readOffer(offerOf(['W1', 'E3']));
const STREAM = new EventTarget() as unknown as MediaStream;
const SHOWN = { camera: 'off', microphone: 'on', hand: null, screen: false } as const;

/** Of a room that protects nobody. */
const BARE = { isCovered: false, isVoiceChanged: false };

const NONE: ReadonlySet<string> = new Set();

function nothing(): null {
  return null; // no seat has said anything
}

describe('TileBoard', () => {
  it('has a waiting tile for each source before anything has come', () => {
    const tiles = new TileBoard().tiles(LINES, new Map([['E3', STREAM]]), NONE, (alias) =>
      alias === 'E3' ? SHOWN : null,
    );

    expect(tiles).toEqual([
      {
        alias: 'W1',
        stream: null,
        audio: 'waiting',
        video: 'waiting',
        speaking: false,
        isPaused: false,
        ...BARE,
        shown: null,
      },
      {
        alias: 'E3',
        stream: STREAM,
        audio: 'waiting',
        video: 'waiting',
        speaking: false,
        isPaused: false,
        ...BARE,
        shown: SHOWN,
      },
    ]);
  });

  it('tells for each source which track comes and whether it speaks', () => {
    const board = new TileBoard();
    const counts = new Map([
      [ssrcOf(0, 'audio'), { packets: 10, level: 0.3 }],
      [ssrcOf(1, 'video'), { packets: 10, level: 0 }],
    ]);

    board.observe(LINES, counts, () => true, 0);

    expect(board.tiles(LINES, new Map(), NONE, nothing)).toEqual([
      {
        alias: 'W1',
        stream: null,
        audio: 'flowing',
        video: 'waiting',
        speaking: true,
        isPaused: false,
        ...BARE,
        shown: null,
      },
      {
        alias: 'E3',
        stream: null,
        audio: 'waiting',
        video: 'flowing',
        speaking: false,
        isPaused: false,
        ...BARE,
        shown: null,
      },
    ]);
  });

  it('says whose picture the own line does not carry', () => {
    const tiles = new TileBoard().tiles(LINES, new Map(), new Set(['E3']), nothing);

    expect(tiles.map(({ isPaused }) => isPaused)).toEqual([false, true]);
  });

  it('does not await a picture that is switched off', () => {
    const board = new TileBoard();
    const counts = new Map([[ssrcOf(0, 'video'), { packets: 10, level: 0 }]]);

    board.observe(LINES, counts, () => true, 0);
    board.observe(LINES, counts, (_, kind) => kind !== 'video', 3000);

    expect(board.tiles(LINES, new Map(), NONE, nothing)[0]?.video).toBe('waiting');
  });

  it('alarms about a silent track only where it is expected', () => {
    const board = new TileBoard();
    const counts = new Map([0, 1].map((place) => [ssrcOf(place, 'audio'), { packets: 10, level: 0.3 }]));

    board.observe(LINES, counts, () => true, 0);
    board.observe(LINES, counts, (source) => source === 'W1', 3000);

    expect(board.tiles(LINES, new Map(), NONE, nothing).map(({ audio, speaking }) => [audio, speaking])).toEqual([
      ['stalled', false],
      ['waiting', false],
    ]);
  });

  it('says of whom the protected version comes', () => {
    const masked = readOffer(offerOf(['W1', 'E3']).replaceAll('E3-video', 'E3-masked_video'));

    expect(
      new TileBoard()
        .tiles(masked, new Map(), NONE, nothing)
        .map(({ alias, isCovered, isVoiceChanged }) => [alias, isCovered, isVoiceChanged]),
    ).toEqual([
      ['W1', false, false],
      ['E3', true, false],
    ]);
  });
});
