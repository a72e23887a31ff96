import { describe, expect, it } from 'vitest';

import { GOODBYE_CODES } from '../protocol/generated';
import { afterGoodbye } from './goodbyes';

describe('afterGoodbye', () => {
  it.each([
    ['too_slow', 'return'],
    ['server_stopping', 'return'],
    ['token_expired', 'renew'],
    ['taken_over', { stayAway: 'taken_over' }],
    ['token_revoked', { stayAway: 'token_revoked' }],
    ['a_code_of_tomorrow', 'return'],
    ['constructor', 'return'],
  ])('%s: %j', (code, then) => {
    expect(afterGoodbye(code)).toEqual(then);
  });

  it('knows every goodbye of the server', () => {
    const staying = GOODBYE_CODES.filter((code) => typeof afterGoodbye(code) === 'object');

    expect(staying.map((code) => afterGoodbye(code))).toEqual(staying.map((code) => ({ stayAway: code })));
  });
});
