/** A new entry code for a seat that no device holds. */

import type { Alias, RoomId } from '../../protocol/generated';
import { askServer, type ServerAnswer } from '../askServer';

/** Asks with the operator's token; the server gives the code once. */
export function newSeatCode(
  room: RoomId,
  alias: Alias,
  token: string,
  fetching: typeof fetch = fetch,
): Promise<ServerAnswer<{ readonly code: string }>> {
  const path = `/api/rooms/${encodeURIComponent(room)}/seats/${encodeURIComponent(alias)}/code`;
  return askServer(path, { method: 'POST', token }, fetching);
}
