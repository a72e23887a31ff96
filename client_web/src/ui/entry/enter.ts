/** Redeeming an entry code. */

import type { KeptOperator } from '../desk/operatorSession';
import type { KeptSeat } from './keptSeat';

/** What became of it. `unreachable`: no answer; else the server's code. */
export type Entry =
  | { readonly entered: true; readonly seat: KeptSeat }
  | { readonly entered: true; readonly operator: KeptOperator }
  | { readonly entered: false; readonly code: string; readonly retryAfterS: number };

/** Redeems a code of eight digits. */
export async function enter(digits: string, fetching: typeof fetch = fetch): Promise<Entry> {
  try {
    const answer = await fetching('/api/entry', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ code: digits }),
    });
    const body: unknown = await answer.json();
    if (answer.ok) return whoEntered(body as KeptSeat | KeptOperator);
    return {
      entered: false,
      code: (body as { code: string }).code,
      retryAfterS: Number(answer.headers.get('Retry-After') ?? 0),
    };
  } catch {
    return { entered: false, code: 'unreachable', retryAfterS: 0 };
  }
}

function whoEntered(body: KeptSeat | KeptOperator): Entry {
  if ('operator' in body) return { entered: true, operator: { operator: body.operator, token: body.token } };
  const { room, alias, token } = body;
  return { entered: true, seat: { room, alias, token } };
}
