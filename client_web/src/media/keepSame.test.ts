import { describe, expect, it } from 'vitest';

import { keepSame } from './keepSame';

describe('keepSame', () => {
  it('gives the previous value where nothing has changed', () => {
    const stream = new EventTarget();
    const previous = { link: { state: 'off' }, tiles: [{ alias: 'E1', stream }] };

    expect(keepSame(previous, { link: { state: 'off' }, tiles: [{ alias: 'E1', stream }] })).toBe(previous);
  });

  it('keeps the parts that are as they were', () => {
    const previous = { a: { x: 1 }, list: [{ n: 1 }, { n: 2 }] };

    const next = keepSame(previous, { a: { x: 1 }, list: [{ n: 1 }, { n: 3 }] });

    expect(next).toEqual({ a: { x: 1 }, list: [{ n: 1 }, { n: 3 }] });
    expect([next.a === previous.a, next.list[0] === previous.list[0]]).toEqual([true, true]);
  });

  it.each([
    [[1, 2], [1]],
    [[1], [1, 2]],
    [{ a: 1, b: 2 }, { a: 1 }],
    [{ a: undefined }, { b: undefined }],
    [null, { a: 1 }],
    [{ a: 1 }, null],
    [new EventTarget(), new EventTarget()],
  ])('tells %o from %o', (previous: unknown, next: unknown) => {
    const kept = keepSame(previous, next);

    expect(kept).not.toBe(previous);
    expect(kept).toEqual(next);
  });
});
