import { describe, expect, it } from 'vitest';

import { Hearing } from './hearing';

describe('Hearing', () => {
  it('is wanted and in force from the first frame on', () => {
    const hearing = new Hearing();
    hearing.begin();

    expect([hearing.isWanted, hearing.isInForce]).toEqual([true, true]);
  });

  it('tells only what is new, and nothing without a socket: the next first frame says it', () => {
    const hearing = new Hearing();

    expect(hearing.want(true, true)).toBeNull();
    expect(hearing.want(false, false)).toBeNull();
    hearing.begin();
    expect([hearing.isWanted, hearing.isInForce]).toEqual([false, false]);
    expect(hearing.want(true, true)).toEqual({ type: 'hear_room', on: true });
  });

  it('counts once the server has put it in force', () => {
    const hearing = new Hearing();
    hearing.want(false, false);
    hearing.begin();

    hearing.want(true, true);
    const before = hearing.isInForce;
    hearing.take(true);

    expect([before, hearing.isInForce]).toEqual([false, true]);
  });

  it('is over at once where the page wants it no more, and waits for the last of several answers', () => {
    const hearing = new Hearing();
    hearing.begin();
    hearing.want(false, true);
    const off = hearing.isInForce;
    hearing.want(true, true);
    hearing.take(false);
    const between = hearing.isInForce;
    hearing.take(true);

    expect([off, between, hearing.isInForce]).toEqual([false, false, true]);
  });

  it('forgets what a lost socket has not answered', () => {
    const hearing = new Hearing();
    hearing.begin();
    hearing.want(false, true);
    hearing.want(true, true);
    hearing.begin();

    expect(hearing.isInForce).toBe(true);
  });
});
