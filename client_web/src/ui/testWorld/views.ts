/** Pieces of views for tests. */

import type { LotState } from '../../protocol/generated';

/** A lot in which nothing has happened. */
export const EMPTY_LOT: LotState = {
  phase: 'prepared',
  stages: { examination: { rounds: [] }, scoring: { rounds: [] } },
  identities: {},
  verdicts: {},
  points: {},
  return_grounds: {},
  admitted: null,
  examination: null,
  members: null,
  prices_opened_at: null,
  prices: null,
  ranked: null,
  draws: {},
  locked_at: null,
  opened_at: null,
  files: {},
  report: null,
};
