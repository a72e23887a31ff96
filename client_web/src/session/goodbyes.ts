/** What a page does after the server has said goodbye. */

import type { GoodbyeCode } from '../protocol/generated';

const AFTER: Readonly<Record<GoodbyeCode, 'return' | 'renew' | 'stay_away'>> = {
  protocol_unknown: 'stay_away',
  malformed_frame: 'stay_away',
  too_many_frames: 'return',
  join_missing: 'return',
  token_malformed: 'stay_away',
  token_foreign: 'stay_away',
  token_expired: 'renew',
  token_revoked: 'stay_away',
  room_unknown: 'stay_away',
  seat_unknown: 'stay_away',
  seat_left: 'stay_away',
  seat_taken: 'stay_away',
  taken_over: 'stay_away',
  seat_released: 'stay_away',
  too_slow: 'return',
  room_stopped: 'return',
  store_unavailable: 'return',
  server_stopping: 'return',
};

/** `return` by itself, `renew` the token first, or the code with which to `stay_away`; an unknown code: `return`. */
export function afterGoodbye(code: string): 'return' | 'renew' | { readonly stayAway: GoodbyeCode } {
  if (!isGoodbyeCode(code)) return 'return';
  const then = AFTER[code];
  return then === 'stay_away' ? { stayAway: code } : then;
}

function isGoodbyeCode(code: string): code is GoodbyeCode {
  return Object.hasOwn(AFTER, code);
}
