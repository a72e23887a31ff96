import { describe, expect, it } from 'vitest';

import { clockOffset, judgeClock, judgeLine, judgeWays, shownRelay, type MediaAddress, type Sample } from './judge';

const PORT: MediaAddress = { port: 8444, isLocal: false };
const GOOD: Sample = { kbit_s: 900, lost_permille: 3, round_trip_ms: 40, frames_per_s: 15, lines: 360 };

describe('judgeClock', () => {
  it.each([
    [0, 'right', 0],
    [-4_999, 'right', 5],
    [5_000, 'off', 5],
    [-120_000, 'off', 120],
    [300_000, 'wrong', 300],
  ])('finds a clock that is %s ms ahead %s', (offset, code, seconds) => {
    expect(judgeClock(offset)).toMatchObject({ part: 'clock', code, facts: { seconds } });
  });

  it('does not know where the server did not answer', () => {
    expect(judgeClock(clockOffset([]))).toMatchObject({ code: 'unknown', mark: 'failed' });
  });
});

describe('clockOffset', () => {
  it('trusts the quickest answer most', () => {
    const answers = [
      { asked: 1_000, came: 1_800, server: 900 },
      { asked: 2_000, came: 2_040, server: 1_520 },
    ];

    expect(clockOffset(answers)).toBe(500);
  });
});

describe('judgeWays', () => {
  const tcp = 'turn:relay.cn:3478?transport=tcp';
  const tls = 'turns:relay.cn:443?transport=tcp';

  it.each<[boolean, (boolean | null)[], [string, string]]>([
    [true, [], ['straight', 'none']],
    [true, [true, true], ['straight', 'usable']],
    [true, [true, false], ['straight', 'partly']],
    [true, [false, false], ['straight', 'unusable']],
    [false, [false, true], ['relayed', 'partly']],
    [false, [true, true], ['relayed', 'usable']],
    [false, [false, false], ['blocked', 'blocked']],
    [false, [], ['blocked', 'missing']],
  ])('finds, straight %s and over relays %s, %s', (isStraight, works, codes) => {
    const relays = works.map((each, place) => ({ url: [tcp, tls][place] ?? '', works: each ?? false }));

    expect(judgeWays(isStraight, relays, PORT).map(({ code }) => code)).toEqual(codes);
  });

  it('blames no network where the server is this computer', () => {
    const [udp] = judgeWays(false, [], { ...PORT, isLocal: true });

    expect([udp.code, udp.mark]).toEqual(['loopback', 'failed']);
  });

  it('names the relay and the port that do not work', () => {
    const tried = [
      { url: tcp, works: true },
      { url: tls, works: false },
    ];
    const [udp, relay] = judgeWays(false, tried, PORT);

    expect(relay.facts).toEqual({ broken: ['relay.cn 443/TCP (TLS)'], count: 1 });
    expect(udp.facts).toEqual({ port: 8444 });
  });
});

describe('shownRelay', () => {
  it.each([
    ['turn:10.0.0.3', '10.0.0.3 3478/UDP'],
    ['turns:[2001:db8::3]', '[2001:db8::3] 5349/TCP (TLS)'],
    ['turn:relay.cn:80?transport=tcp', 'relay.cn 80/TCP'],
  ])('shows %s as %s', (url, shown) => {
    expect(shownRelay(url)).toBe(shown);
  });
});

describe('judgeLine', () => {
  it.each<[string, Partial<Sample>, string]>([
    ['all is well', {}, 'good'],
    ['some packets are lost', { lost_permille: 20 }, 'lossy'],
    ['many packets are lost', { lost_permille: 100 }, 'bad'],
    ['the picture comes back small', { lines: 180 }, 'narrow'],
    ['answers take long', { round_trip_ms: 400 }, 'slow'],
    ['the picture stands still', { frames_per_s: 4.9 }, 'bad'],
    ['nothing comes back', { kbit_s: 0, frames_per_s: 0 }, 'nothing'],
  ])('finds, where %s, %s', (_, change, code) => {
    expect(judgeLine({ ...GOOD, ...change }, 360)).toMatchObject({ part: 'line', code });
  });

  it('asks for no picture of a seat without a camera', () => {
    expect(judgeLine({ ...GOOD, frames_per_s: 0, lines: 0 }, 0)).toMatchObject({
      code: 'good',
      facts: { kbit: 900, lost: '0.3', trip: 40 },
    });
  });
});
