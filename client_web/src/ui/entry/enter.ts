/** Redeeming an entry code. */

import type { Role } from '../../protocol/generated';
import type { KeptOperator } from '../desk/operatorSession';
import type { KeptSeat } from './keptSeat';

/** What became of it. `unreachable`: no answer; else the server's code. */
export type Entry =
  | { readonly entered: true; readonly seat: KeptSeat; readonly role: Role }
  | { readonly entered: true; readonly operator: KeptOperator }
  | { readonly entered: false; readonly code: string; readonly retryAfterS: number };

/** How often it is tried where the server's store is slow or comes back; the person waits meanwhile. */
const TRIES = 3;

/**
 * Redeems a code of eight digits.
 *
 * `secret` is this window's: a code that it has redeemed, but whose answer was lost, it may redeem again.
 */
export async function enter(
  digits: string,
  secret: string,
  fetching: typeof fetch = fetch,
  pause: (ms: number) => Promise<unknown> = sleep,
): Promise<Entry> {
  for (let tried = 1; ; tried++) {
    const entry = await redeem(digits, secret, fetching);
    if (entry.entered || entry.code !== 'store_unavailable' || tried === TRIES) return entry;
    await pause(1000 * entry.retryAfterS);
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function redeem(digits: string, secret: string, fetching: typeof fetch): Promise<Entry> {
  try {
    const answer = await fetching('/api/entry', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ code: digits, secret }),
    });
    const body: unknown = await answer.json();
    if (answer.ok) return whoEntered(body as SeatEntry | KeptOperator);
    return {
      entered: false,
      code: (body as { code: string }).code,
      retryAfterS: Number(answer.headers.get('Retry-After') ?? 0),
    };
  } catch {
    return { entered: false, code: 'unreachable', retryAfterS: 0 };
  }
}

/** As the server answers for a seat. */
type SeatEntry = KeptSeat & { readonly role: Role };

function whoEntered(body: SeatEntry | KeptOperator): Entry {
  if ('operator' in body) return { entered: true, operator: { operator: body.operator, token: body.token } };
  const { room, alias, token, role } = body;
  return { entered: true, role, seat: { room, alias, token } };
}
