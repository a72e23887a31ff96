import { describe, expect, it } from 'vitest';

import { SeatToken, tokenTimes } from './seatToken';
import { tokenOf } from './testWorld/tokens';

const ISSUED = 1_768_615_200;

describe('tokenTimes', () => {
  it('reads when a token was issued and ends', () => {
    expect(tokenTimes(tokenOf(ISSUED, ISSUED + 900))).toEqual({ issued: ISSUED, ends: ISSUED + 900 });
  });

  it.each(['', 'a.b.c', 'a.%.c', `a.${btoa('{}')}.c`, `a.${btoa('{"iat":"1","exp":2}')}.c`, `a.${btoa('null')}.c`])(
    'gives null for what is no token: %s',
    (token) => {
      expect(tokenTimes(token)).toBeNull();
    },
  );
});

describe('SeatToken', () => {
  it('waits for the server to tell its clock', () => {
    const token = new SeatToken(tokenOf(ISSUED, ISSUED + 900));

    expect([token.timer, token.serverNow(5)]).toEqual([Infinity, null]);
  });

  it('is due after three fifths of its life, by the server clock', () => {
    const token = new SeatToken(tokenOf(ISSUED, ISSUED + 900));

    token.handleServerTime(1000, (ISSUED + 10) * 1000);

    expect([token.timer, token.serverNow(2000)]).toEqual([1000 + 530_000, (ISSUED + 11) * 1000]);
  });

  it('is due at once after a long sleep, and again half a minute after it was asked for', () => {
    const token = new SeatToken(tokenOf(ISSUED, ISSUED + 900));
    token.handleServerTime(0, (ISSUED + 800) * 1000);

    expect([0, 1, 29_999, 30_000].map((now) => token.isDue(now))).toEqual([true, false, false, true]);
  });

  it('starts anew with the next token', () => {
    const token = new SeatToken(tokenOf(ISSUED, ISSUED + 900));
    token.handleServerTime(0, ISSUED * 1000);
    const next = tokenOf(ISSUED + 540, ISSUED + 1440);

    token.handleFresh(next);

    expect([token.token, token.timer]).toEqual([next, 1_080_000]);
  });

  it('never asks for the successor of what it cannot read', () => {
    const token = new SeatToken('opaque');

    token.handleServerTime(0, ISSUED * 1000);

    expect(token.timer).toBe(Infinity);
  });
});
