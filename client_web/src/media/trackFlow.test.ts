import { describe, expect, it } from 'vitest';

import { SpeechMeter, TrackFlow } from './trackFlow';

describe('TrackFlow', () => {
  /** The states after [time, packets, whether they are expected]. */
  function states(...looks: [number, number, boolean][]): string[] {
    const flow = new TrackFlow();
    return looks.map(([now, packets, isExpected]) => flow.observe(packets, isExpected, now));
  }

  it('waits for the first packet for as long as it takes', () => {
    expect(states([0, 0, true], [60_000, 0, true], [60_400, 1, true])).toEqual(['waiting', 'waiting', 'flowing']);
  });

  it('is stalled after three seconds without a packet that ought to come, and flows again with the next', () => {
    expect(states([0, 5, true], [2999, 5, true], [3000, 5, true], [3400, 6, true])).toEqual([
      'flowing',
      'flowing',
      'stalled',
      'flowing',
    ]);
  });

  it('waits where the rules stop it, and is not stalled however long that lasts', () => {
    expect(states([0, 5, true], [400, 5, false], [1000, 5, false], [90_000, 5, false])).toEqual([
      'flowing',
      'flowing',
      'waiting',
      'waiting',
    ]);
  });

  it('is given three seconds after the rules let it come again', () => {
    expect(states([0, 5, false], [9000, 5, true], [11_999, 5, true], [12_000, 5, true])).toEqual([
      'flowing',
      'waiting',
      'waiting',
      'stalled',
    ]);
  });
});

describe('SpeechMeter', () => {
  it('hears speech from a level on, and through the pauses between words', () => {
    const meter = new SpeechMeter();
    const looks: [number, number][] = [
      [0, 0.001],
      [400, 0.2],
      [800, 0],
      [1199, 0],
      [1200, 0],
    ];

    expect(looks.map(([now, level]) => meter.observe(level, now))).toEqual([false, true, true, true, false]);
  });
});
