import { describe, expect, it } from 'vitest';

import { readOffer } from './negotiation';
import { offerOf } from './testWorld/sdp';
import { SMALLEST_LINES, tileViews, videosOf } from './tileViews';

const E2 = {};
const E3 = {};
const STREAMS = new Map([
  ['E2', E2],
  ['E3', E3],
]);

const LINES = readOffer(offerOf(['E2', 'E3', 'E4']));

describe('tileViews', () => {
  it('tells the largest of several pictures of a seat in device pixels', () => {
    const videos = [
      { srcObject: E2, clientHeight: 120, isPinned: false },
      { srcObject: E2, clientHeight: 405, isPinned: true },
    ];

    expect(tileViews(LINES, STREAMS, videos, 1.5)).toEqual([
      { alias: 'E2', track: 'video', lines: 608, pinned: true },
      { alias: 'E3', track: 'video', lines: SMALLEST_LINES, pinned: false },
    ]);
  });

  it('asks for a small picture where it is folded away', () => {
    const folded = [{ srcObject: E3, clientHeight: 0, isPinned: false }];

    expect(tileViews(LINES, STREAMS, folded, 2).map(({ lines }) => lines)).toEqual([SMALLEST_LINES, SMALLEST_LINES]);
  });

  it('asks for no picture but those that are wanted', () => {
    const both = [E2, E3].map((srcObject) => ({ srcObject, clientHeight: 90, isPinned: false }));

    expect(tileViews(LINES, STREAMS, both, 1, ['E3']).map(({ lines }) => lines)).toEqual([0, SMALLEST_LINES]);
    expect(tileViews(LINES, STREAMS, both, 1, []).map(({ lines }) => lines)).toEqual([0, 0]);
  });

  it('tells no more lines than the protocol knows', () => {
    const [wall] = tileViews(LINES, STREAMS, [{ srcObject: E2, clientHeight: 9000, isPinned: false }], 2);

    expect(wall?.lines).toBe(8640);
  });
});

describe('videosOf', () => {
  it('reads size, stream and pin of each picture of a document', () => {
    const videos = [
      { srcObject: E2, clientHeight: 200, closest: () => ({}) },
      { srcObject: null, clientHeight: 0, closest: () => null },
    ];
    const root = { querySelectorAll: () => videos } as unknown as ParentNode;

    expect(videosOf(root)).toEqual([
      { srcObject: E2, clientHeight: 200, isPinned: true },
      { srcObject: null, clientHeight: 0, isPinned: false },
    ]);
  });
});
