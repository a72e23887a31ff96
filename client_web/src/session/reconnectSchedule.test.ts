import { describe, expect, it } from 'vitest';

import { reconnectDelay } from './reconnectSchedule';

describe('reconnectDelay', () => {
  it('grows to seven seconds and stays there', () => {
    const delays = [0, 1, 2, 3, 4, 5, 6, 1000].map((attempt) => reconnectDelay(attempt, 0.5));

    expect(delays).toEqual([0, 300, 1200, 2700, 4800, 7000, 7000, 7000]);
  });

  it('differs from page to page by a quarter either way', () => {
    expect([0, 0.5, 1].map((random) => reconnectDelay(4, random))).toEqual([3600, 4800, 6000]);
  });
});
