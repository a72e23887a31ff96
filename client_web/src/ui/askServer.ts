/** One question to the server's JSON API. */

/** The answer, null where there is nothing to say; or the code of the refusal: the server's own, or `unreachable`. */
export type ServerAnswer<T> =
  { readonly ok: true; readonly body: T } | { readonly ok: false; readonly code: string; readonly body: unknown };

export interface Question {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  /** Sent as it is. */
  readonly body?: string | Blob | FormData;
  readonly token?: string;
  /** `no-cache`: for what the browser may keep, and asks about each time; nothing else is kept. */
  readonly cache?: 'no-store' | 'no-cache';
}

const NO_CONTENT = 204;

/** Asks, and reads the answer; never throws. */
export async function askServer<T>(
  path: string,
  { method = 'GET', body, token, cache = 'no-store' }: Question = {},
  fetching: typeof fetch = fetch,
): Promise<ServerAnswer<T>> {
  try {
    const answer = await fetching(path, {
      method,
      cache,
      ...(body !== undefined && { body }),
      ...(token !== undefined && { headers: { Authorization: `Bearer ${token}` } }),
    });
    const read = parsed(await answer.text());
    return answer.ok && (read !== null || answer.status === NO_CONTENT)
      ? { ok: true, body: read as T }
      : { ok: false, code: codeIn(read, answer.status), body: read };
  } catch {
    return { ok: false, code: 'unreachable', body: null };
  }
}

/** What a JSON text says; null for a text that is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The code of a refusal; an answer that is none of ours has its HTTP status. */
function codeIn(body: unknown, status: number): string {
  const code = typeof body === 'object' && body !== null ? (body as { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : `http_${status}`;
}
