/** The operator who has entered in this window, and questions that only an operator may ask. */

import type { VenueId } from '../../protocol/generated';
import { askServer, type Question, type ServerAnswer } from '../askServer';

export interface Operator {
  readonly id: string;
  readonly name: string;
  readonly venue: VenueId;
}

export interface KeptOperator {
  readonly operator: Operator;
  readonly token: string;
}

const KEPT_UNDER = 'lianping.operator';

/** The operator of this window; null if none has entered. */
export function keptOperator(storage: Storage = sessionStorage): KeptOperator | null {
  const text = storage.getItem(KEPT_UNDER);
  return text === null ? null : (JSON.parse(text) as KeptOperator);
}

export function keepOperator(kept: KeptOperator, storage: Storage = sessionStorage): void {
  storage.setItem(KEPT_UNDER, JSON.stringify(kept));
}

export function forgetOperator(storage: Storage = sessionStorage): void {
  storage.removeItem(KEPT_UNDER);
}

/** Asks with the operator's token; one that has ended is renewed first, once. */
export async function askAsOperator<T>(
  path: string,
  question: Omit<Question, 'token'> = {},
  fetching: typeof fetch = fetch,
  storage: Storage = sessionStorage,
): Promise<ServerAnswer<T>> {
  const kept = keptOperator(storage);
  if (kept === null) return { ok: false, code: 'token_expired', body: null };
  const answer = await askServer<T>(path, { ...question, token: kept.token }, fetching);
  if (answer.ok || answer.code !== 'token_expired') return answer;
  const renewed = await askServer<{ token: string }>(
    '/api/operator/token',
    { method: 'POST', token: kept.token },
    fetching,
  );
  if (!renewed.ok) return renewed;
  keepOperator({ ...kept, token: renewed.body.token }, storage);
  return askServer<T>(path, { ...question, token: renewed.body.token }, fetching);
}
