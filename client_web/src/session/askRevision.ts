/** Asks the server for the revision in which a member's handwriting stands; see `server/web/signatures.py`. */

import type { Digest, LotId, RoomId } from '../protocol/generated';

/** One point of a stroke, from the pad's left upper corner: parts of its width and height. */
export interface InkPoint {
  readonly x: number;
  readonly y: number;
  /** From 0 to 1; 0.5 where the device cannot tell. */
  readonly pressure: number;
}

/** From pen down to pen up. */
export type Stroke = readonly InkPoint[];

/** What a revision is asked for. */
export interface RevisionRequest {
  readonly version: number;
  /** SHA-256 of the latest revision. */
  readonly base: Digest;
  readonly strokes: readonly Stroke[];
  readonly dissent: string;
}

/** Whose room and report it is. */
export interface RevisionPlace {
  readonly room: RoomId;
  readonly lot: LotId;
  /** The seat's. */
  readonly token: string;
}

/** The server prepared nothing; `code` is its own, `unreachable`, or `http_` with a status. */
export class RevisionRefused extends Error {
  override name = 'RevisionRefused';
  readonly code: string;

  constructor(code: string) {
    super(`No revision was prepared: ${code}.`);
    this.code = code;
  }
}

/**
 * The server's answer, of which nothing is believed yet.
 *
 * @throws {RevisionRefused}
 */
export async function askRevision(
  { room, lot, token }: RevisionPlace,
  request: RevisionRequest,
  fetching: typeof fetch = fetch,
): Promise<unknown> {
  const path = `/api/rooms/${encodeURIComponent(room)}/lots/${encodeURIComponent(lot)}/signature`;
  const asked = {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(request),
  };
  const { ok, status, body } = await answered(() => fetching(path, asked));
  if (ok && body !== null) return body;
  const { code } = (body ?? {}) as { code?: unknown };
  throw new RevisionRefused(typeof code === 'string' ? code : `http_${status}`);
}

async function answered(
  ask: () => Promise<Response>,
): Promise<{ readonly ok: boolean; readonly status: number; readonly body: unknown }> {
  try {
    const answer = await ask();
    const text = await answer.text();
    return { ok: answer.ok, status: answer.status, body: parsed(text) };
  } catch {
    throw new RevisionRefused('unreachable');
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
