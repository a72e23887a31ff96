import { describe, expect, it } from 'vitest';

import { TalkKey, wantsSpace } from './talkKey';

function listened() {
  const told: boolean[] = [];
  return { key: new TalkKey((isHeld) => told.push(isHeld)), told };
}

describe('TalkKey', () => {
  it('is held from the first press to the last release, however often a key repeats', () => {
    const { key, told } = listened();

    key.hold('key');
    key.hold('key');
    key.hold('button');
    key.release('key');
    const meanwhile = [...told];
    key.release('button');
    key.release('button');

    expect([meanwhile, told]).toEqual([[true], [true, false]]);
  });

  it('lets everything go at once', () => {
    const { key, told } = listened();

    key.releaseAll();
    key.hold('key');
    key.hold('button');
    key.releaseAll();

    expect(told).toEqual([true, false]);
  });
});

describe('wantsSpace', () => {
  it('asks what has the focus', () => {
    const field = { matches: (selectors: string) => selectors.split(', ').includes('textarea') };

    expect([wantsSpace(null), wantsSpace(field), wantsSpace({ matches: () => false })]).toEqual([false, true, false]);
  });
});
